import { text } from '../i18n'

/** Settings: search, values, department overrides, history. */
export const settings = text(
  {
    title: '系统设置', count: (n: number) => `共 ${n} 项`, search: '设置名称或说明', changedOnly: '只看改过的', none: '没有符合的设置', noneHint: '换个关键词，或清除搜索。', unit: '', default: (v: string) => `默认 ${v}`, reset: '恢复默认', saved: (n: string) => `已保存：${n}`, cleared: (n: string) => `已恢复跟随全院：${n}`, range: (a: number, b: number) => `${a}–${b}`, on: '开', off: '关', blank: '空',
    overrides: '科室单独设置', addOverride: '为科室单独设置', same: '跟随全院', history: '修改记录', historyNone: '还没有改过', was: (a: string, b: string) => `${a} → ${b}`, hospital: '全院', conflict: '同事刚改过这一项，已为您刷新。', rooms: { setting: '医院', followup: '随访', message: '短信', consent: '勿扰与次数', booking: '预约', intake: '数据接入', backup: '备份', staff: '账号与登录', patient: '患者', visit: '就诊', timeline: '全景' } as Record<string, string>,
  },
  {
    title: 'Settings', count: n => `${n} settings`, search: 'Name or help', changedOnly: 'Only changed ones', none: 'No such setting', noneHint: 'Try another word, or clear the search.', unit: '', default: v => `default ${v}`, reset: 'Back to default', saved: n => `Saved: ${n}`, cleared: n => `Follows the hospital again: ${n}`, range: (a, b) => `${a}–${b}`, on: 'on', off: 'off', blank: 'empty',
    overrides: 'Departments with their own value', addOverride: 'Own value for a department', same: 'As the hospital', history: 'History', historyNone: 'Never changed', was: (a, b) => `${a} → ${b}`, hospital: 'Hospital', conflict: 'A colleague has just changed this; it was refreshed.', rooms: { setting: 'Hospital', followup: 'Follow-up', message: 'Messages', consent: 'Quiet hours and limits', booking: 'Booking', intake: 'Intake', backup: 'Backup', staff: 'Accounts and sign-in', patient: 'Patients', visit: 'Visits', timeline: 'Overview' },
  },
)
