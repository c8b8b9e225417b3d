import { text } from '../i18n'

/** The 360° page of one patient. */
export const patient = text(
  {
    back: '患者档案', group: '患者', tags: '标签', alertLabel: '注意事项', edit: '编辑档案', sms: '发短信', adhoc: '临时随访', diagnosis: '加诊断', start: '开始随访', more: '更多', mergedInto: '这份档案已合并到另一位患者。', openSurvivor: '打开合并后的档案', deceased: (d: string) => `患者已于 ${d} 去世，所有主动联系已停止。`, flags: (n: number) => `${n} 个未处理的红色警示`, handle: '去处理',
    facts: { spend: '累计消费', visits: '就诊次数', last: '最近就诊', followups: '随访', owner: '负责人', source: '来源' }, times: (n: string) => `${n} 次`, none: '—',
    classes: { outpatient: '门诊', inpatient: '住院', emergency: '急诊', checkup: '体检', AMB: '门诊', IMP: '住院', EMER: '急诊' } as Record<string, string>,
    tabs: { timeline: '时间线', spend: '每日消费', thread: '短信往来' }, kinds: { all: '全部', followup: '随访', message: '短信', encounter: '就诊', charge: '费用', report: '报告', appointment: '预约', record: '档案' } as Record<string, string>,
    timeline: { empty: '还没有记录', emptyHint: '就诊、短信和随访会按时间出现在这里。', emptyKind: '没有这类记录', showAll: '看全部', more: '加载更早的记录' },
    spend: { total: '合计', year: (y: number) => `${y} 年`, day: '日期', item: '项目', category: '类别', quantity: '数量', amount: '金额', empty: '没有消费记录', emptyHint: 'HIS 收费数据接入后会显示每日合计与明细。', allYears: '历年', items: (n: number) => `${n} 项` },
    thread: { empty: '没有短信往来', emptyHint: '按 s 可以给患者发短信。', states: { queued: '排队中', sending: '发送中', accepted: '已提交', delivered: '已送达', failed: '失败', unknown: '状态未知', blocked: '已拦截', cancelled: '已取消', new: '新回复', coded: '已识别', needs_person: '待人工处理', done: '已处理' } as Record<string, string> },
    rail: { next: '下一步', nothing: '没有待办', nothingHint: '按 f 安排一次临时随访。', owner: (n: string) => `负责人 ${n}`, watch: '注意事项', plans: '随访计划', progress: (a: number, b: number) => `${a} / ${b} 步`, nextStep: '下一步', basics: '基本信息', contacts: '联系方式' },
    kv: { birth: '出生日期', occupation: '职业', marital: '婚姻', ethnicity: '民族', region: '地区', address: '地址', owner: '负责人', source: '来源', note: '备注', created: '建档' },
    idKinds: { card: '一卡通', outpatient: '门诊号', inpatient: '住院号', checkup: '体检号', id_card: '身份证', passport: '护照', permit: '港澳台通行证', health_card: '电子健康卡', other: '其他号码' } as Record<string, string>,
    systems: { phone: '电话', mobile: '手机', email: '邮箱', wechat: '微信', qq: 'QQ' } as Record<string, string>,
    owners: { self: '本人', spouse: '配偶', father: '父亲', mother: '母亲', son: '儿子', daughter: '女儿', sibling: '兄弟姐妹', friend: '朋友', other: '其他' } as Record<string, string>,
    contact: { ok: '有效', wrong: '错号', unverified: '未核实', verified: (d: string) => `${d}核实`, markWrong: '标记为错号', markOk: '标记为已核实', first: '设为首选', nowWrong: '已标记为错号，不会再拨打或发送。', nowOk: '已标记为核实。', ranked: '已设为首选。', actions: '联系方式操作' },
    plan: { running: '进行中', active: '进行中', done: '已完成', completed: '已完成', exited: '已退出', cancelled: '已取消', paused: '已暂停' } as Record<string, string>,
    send: {
      title: '发短信', to: '发送到', purpose: '用途', purposes: { care: '诊疗关怀', notice: '通知', survey: '问卷', promotion: '推广' } as Record<string, string>, template: '套用模板', text: '内容', placeholder: '写给患者的话。院名签名会自动加上。', units: (a: number, per: number) => `${a} 字 / 每条 ${per}`, parts: (n: number) => `${n} 条`, cost: (y: string) => `费用 ${y}`, counting: '正在计算…', encoding: { gsm7: '英文编码', ucs2: '中文编码' } as Record<string, string>, preview: '患者看到的内容', notBefore: (at: string) => `现在是静默时段，将在 ${at} 发出。`, blocked: '不能发送', go: '发送', sent: '短信已提交。', later: (at: string) => `短信将在 ${at} 发出。`, cancelled: '短信已取消。', noContact: '没有可用的手机号。请先补充或核实联系方式。', lint: '内容检查',
    },
    adhocForm: { title: '临时随访', what: '随访什么', placeholder: '例如：询问换药后伤口情况', when: '何时', channel: '方式', call: '电话', message: '短信', owner: '由谁', me: '我', note: '说明', go: '安排', done: (d: string) => `已安排 ${d} 的随访。`, hint: 'Enter 安排；Alt + 1 至 4 选日期', days: ['今天', '明天', '3 天后', '下周'] },
    diag: { title: '加诊断', code: 'ICD-10 编码', name: '诊断名称', codeHint: '例如 N87.1', nameHint: '例如 中度宫颈发育不良', preview: '保存后会发生什么', groups: '归入病种：', plans: '启动随访计划：', steps: (n: number) => `${n} 步`, nothing: '不会启动随访计划。', waiting: '填写编码和名称后，这里会显示将启动的计划。', go: '保存诊断', done: '诊断已保存。', doneWith: (n: number) => `诊断已保存，启动了 ${n} 个随访计划。` },
  },
  {
    back: 'Patients', group: 'Patient', tags: 'Tags', alertLabel: 'Watch out', edit: 'Edit record', sms: 'Send SMS', adhoc: 'Ad-hoc follow-up', diagnosis: 'Add diagnosis', start: 'Start follow-up', more: 'More', mergedInto: 'This record was merged into another patient.', openSurvivor: 'Open the merged record', deceased: d => `The patient died on ${d}; all outgoing contact has stopped.`, flags: n => `${n} open red flags`, handle: 'Handle',
    facts: { spend: 'Spent so far', visits: 'Visits', last: 'Last visit', followups: 'Follow-ups', owner: 'Owner', source: 'Source' }, times: n => n, none: '—',
    classes: { outpatient: 'Outpatient', inpatient: 'Inpatient', emergency: 'Emergency', checkup: 'Check-up', AMB: 'Outpatient', IMP: 'Inpatient', EMER: 'Emergency' },
    tabs: { timeline: 'Timeline', spend: 'Daily spend', thread: 'Messages' }, kinds: { all: 'All', followup: 'Follow-up', message: 'SMS', encounter: 'Visits', charge: 'Charges', report: 'Reports', appointment: 'Bookings', record: 'Record' },
    timeline: { empty: 'Nothing happened yet', emptyHint: 'Visits, messages and follow-ups appear here in order of time.', emptyKind: 'Nothing of this kind', showAll: 'Show all', more: 'Load earlier entries' },
    spend: { total: 'Total', year: y => `${y}`, day: 'Date', item: 'Item', category: 'Category', quantity: 'Qty', amount: 'Amount', empty: 'No charges', emptyHint: 'Daily totals and items appear when the HIS charge feed runs.', allYears: 'By year', items: n => `${n} items` },
    thread: { empty: 'No messages', emptyHint: 'Press s to write to the patient.', states: { queued: 'queued', sending: 'sending', accepted: 'accepted', delivered: 'delivered', failed: 'failed', unknown: 'unknown', blocked: 'blocked', cancelled: 'cancelled', new: 'new', coded: 'understood', needs_person: 'needs a person', done: 'done' } },
    rail: { next: 'Next step', nothing: 'Nothing to do', nothingHint: 'Press f to plan an ad-hoc follow-up.', owner: n => `Owner ${n}`, watch: 'Watch out', plans: 'Follow-up plans', progress: (a, b) => `${a} of ${b} steps`, nextStep: 'next', basics: 'Basics', contacts: 'Contacts' },
    kv: { birth: 'Born', occupation: 'Occupation', marital: 'Marital', ethnicity: 'Ethnicity', region: 'Region', address: 'Address', owner: 'Owner', source: 'Source', note: 'Note', created: 'Created' },
    idKinds: { card: 'Card', outpatient: 'Outpatient no.', inpatient: 'Inpatient no.', checkup: 'Check-up no.', id_card: 'ID card', passport: 'Passport', permit: 'Travel permit', health_card: 'Health card', other: 'Other number' },
    systems: { phone: 'Phone', mobile: 'Mobile', email: 'E-mail', wechat: 'WeChat', qq: 'QQ' },
    owners: { self: 'own', spouse: 'spouse', father: 'father', mother: 'mother', son: 'son', daughter: 'daughter', sibling: 'sibling', friend: 'friend', other: 'other' },
    contact: { ok: 'good', wrong: 'wrong number', unverified: 'unverified', verified: d => `verified ${d}`, markWrong: 'Mark as wrong number', markOk: 'Mark as verified', first: 'Make first choice', nowWrong: 'Marked wrong; it is never called or texted again.', nowOk: 'Marked verified.', ranked: 'First choice now.', actions: 'Contact actions' },
    plan: { running: 'running', active: 'running', done: 'done', completed: 'done', exited: 'left', cancelled: 'cancelled', paused: 'paused' },
    send: {
      title: 'Send SMS', to: 'To', purpose: 'Purpose', purposes: { care: 'Care', notice: 'Notice', survey: 'Survey', promotion: 'Promotion' }, template: 'Use a template', text: 'Text', placeholder: 'What you want to tell the patient. The hospital’s signature is added.', units: (a, per) => `${a} characters / ${per} each`, parts: n => (n === 1 ? '1 part' : `${n} parts`), cost: y => `costs ${y}`, counting: 'counting…', encoding: { gsm7: 'Latin encoding', ucs2: 'Chinese encoding' }, preview: 'What the patient reads', notBefore: at => `Quiet hours: it goes out at ${at}.`, blocked: 'Cannot be sent', go: 'Send', sent: 'Message handed over.', later: at => `The message goes out at ${at}.`, cancelled: 'Message cancelled.', noContact: 'There is no usable mobile number. Add or verify a contact first.', lint: 'Check of the text',
    },
    adhocForm: { title: 'Ad-hoc follow-up', what: 'What about', placeholder: 'For example: how is the wound after dressing', when: 'When', channel: 'How', call: 'Call', message: 'SMS', owner: 'Who', me: 'me', note: 'Note', go: 'Plan it', done: d => `Follow-up planned for ${d}.`, hint: 'Enter plans it; Alt + 1 to 4 picks the day', days: ['Today', 'Tomorrow', 'In 3 days', 'Next week'] },
    diag: { title: 'Add diagnosis', code: 'ICD-10 code', name: 'Diagnosis', codeHint: 'For example N87.1', nameHint: 'For example moderate cervical dysplasia', preview: 'What saving will do', groups: 'Condition groups: ', plans: 'Follow-up plans to start: ', steps: n => `${n} steps`, nothing: 'No follow-up plan starts.', waiting: 'Fill in code and name to see which plans would start.', go: 'Save diagnosis', done: 'Diagnosis saved.', doneWith: n => `Diagnosis saved; ${n} follow-up plans started.` },
  },
)
