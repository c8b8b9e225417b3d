import { text } from '../i18n'

/** The tray of exported files, and taking one's own arrangements along. */
export const downloads = text(
  {
    title: '下载中心', count: (n: number) => `${n} 个文件`, note: '导出的文件只有您本人能看到和下载，每次下载都会记入审计，7 天后自动删除。',
    empty: '还没有导出的文件', emptyHint: '在患者档案中筛选后点击“导出”，文件生成后会出现在这里。', goPatients: '打开患者档案',
    sources: { patients: '患者名单' } as Record<string, string>, fetch: '下载', cancel: '取消', remove: '删除', again: '重新导出',
    states: { waiting: '排队中', running: '正在生成', done: '可下载', failed: '未完成', cancelled: '已取消', expired: '已过期' } as Record<string, string>,
    rows: (n: string) => `${n} 行`, of: (a: string, b: string) => `${a} / ${b} 行`, rate: (n: string) => `${n} 行/秒`, left: (s: string) => `约剩 ${s}`, until: (d: string) => `${d}删除`, fetched: (n: number) => (n === 0 ? '未下载' : `已下载 ${n} 次`),
    unmasked: '未遮盖', masked: '已遮盖', reason: '用途', scope: '范围', ready: (n: string) => `“${n}”已生成，可以下载`, failed: (n: string) => `“${n}”没有生成`, removed: '文件已删除', cancelled: '已取消', open: '打开下载中心',
    trace: { title: '追查泄露的名单', note: '每个导出文件都含一行不属于任何人的记录。把可疑名单中的手机号（已遮盖时用姓名）填在这里，可查出它来自谁的导出。', label: '可疑行的手机号或姓名', go: '追查', found: (who: string, at: string) => `${who} · ${at} 导出` },
    mine: { title: '我的界面设置', note: '列、列宽、行高和首选视图保存在您的账号下，换电脑也不会丢；可以导出文件带走，或导入已有设置。', save: '导出我的设置', load: '导入设置', taken: (n: number) => `已导入 ${n} 项设置`, wrong: '这不是界面设置文件，请选择用“导出我的设置”保存的文件。' },
  },
  {
    title: 'Downloads', count: n => `${n} files`, note: 'Only you see and fetch the files you exported. Every fetch is recorded, and a file is removed after 7 days.',
    empty: 'No exported files', emptyHint: 'Filter the patient list and press “Export”; the file appears here.', goPatients: 'Open the patients',
    sources: { patients: 'Patients' }, fetch: 'Download', cancel: 'Cancel', remove: 'Remove', again: 'Export again',
    states: { waiting: 'waiting', running: 'being written', done: 'ready', failed: 'failed', cancelled: 'cancelled', expired: 'expired' },
    rows: n => `${n} rows`, of: (a, b) => `${a} of ${b} rows`, rate: n => `${n} rows/s`, left: s => `about ${s} left`, until: d => `removed ${d}`, fetched: n => (n === 0 ? 'not fetched yet' : `fetched ${n}×`),
    unmasked: 'in full', masked: 'masked', reason: 'Purpose', scope: 'Scope', ready: n => `“${n}” is ready`, failed: n => `“${n}” was not written`, removed: 'File removed', cancelled: 'Cancelled', open: 'Open downloads',
    trace: { title: 'Trace a leaked list', note: 'Every exported file holds one row that belongs to nobody. Enter its telephone (or its name where numbers are masked) to learn whose export it was.', label: 'Telephone or name of the suspicious row', go: 'Trace', found: (who, at) => `exported by ${who}, ${at}` },
    mine: { title: 'My arrangements', note: 'Columns, widths, row height and first views belong to your account and follow you to another machine. Take them along as a file, or bring a file back.', save: 'Save to a file', load: 'Load a file', taken: n => `${n} settings taken over`, wrong: 'This is no file of arrangements; choose one saved with “Save to a file”.' },
  },
)
