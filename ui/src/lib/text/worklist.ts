import { text } from '../i18n'

/** The home page: the follow-up worklist. */
export const worklist = text(
  {
    title: '我的工作台', count: (n: string) => `${n} 项待办`, mine: '我的', team: '本科室', everybody: '全院', who: '范围', group: '工作台',
    lists: { flags: '红色警示', escalated: '已升级', overdue: '逾期', due: '今日', upcoming: '未来' } as Record<string, string>,
    kinds: { call: '电话', review: '复查', flag: '警示', adhoc: '临时' } as Record<string, string>,
    empty: {
      flags: ['没有未处理的红色警示', '患者回复异常时，这里会立即出现，右侧也会弹出提醒。'], escalated: ['没有升级给您的随访', '超过时限未处理的随访会升级到这里。'], overdue: ['没有逾期的随访', '很好，继续保持。'],
      due: ['今天的随访都完成了', '可以看看未来几天的安排，或为患者新建临时随访。'], upcoming: ['未来没有安排', '患者出院、手术或新增诊断后，随访计划会自动生成。'],
    } as Record<string, string[]>,
    showUpcoming: '看未来的安排', showLate: '处理逾期', lateLeft: (n: number) => `今天没有到期的，还有 ${n} 项逾期`, more: '加载更多', tries: (n: number) => `已拨 ${n} 次`, nextTry: (at: string) => `下次 ${at}`, step: (a: number, b: number) => `第 ${a} / ${b} 位`, pickOne: '从左侧选择一位患者', pickHint: '按 j、k 上下移动，按 c 开始拨打。', next: '下一位', previous: '上一位', backToList: '返回列表',
    call: '拨打', calling: '正在通话', phoneOf: (owner: string) => `号码属于：${owner}`, logged: '号码查看已记入审计', dialLink: '用话机拨打', noContact: '没有可拨打的号码。请到患者档案补充或核实联系方式。', masked: '拨打时显示号码',
    script: '话术', noScript: '此任务没有话术。', answer: '患者回复', outcome: '结果', outcomeHint: '按数字键直接登记；在备注中用 Alt + 数字。', ends: '计划结束', done: (label: string) => `已登记：${label}`, undone: '已撤销，任务回到列表。',
    notes: '备注', notesPlaceholder: '与患者沟通的内容，自动保存', draft: { saved: (at: string) => `已保存 ${at}`, saving: '正在保存…', waiting: '正在输入…', local: '网络不通，内容已存在本机，会自动重试', restored: '已恢复上次未登记的备注' },
    nextAt: '约定下次时间', nextNeeded: '请先选择与患者约定的时间，再登记改期。', soon: { afternoon: '今天下午 3 点', tomorrow: '明天上午 10 点', tomorrowLate: '明天下午 3 点', three: '3 天后上午' }, endTitle: (name: string, label: string) => `${name} · ${label}？`, endGo: (label: string) => `登记“${label}”`, endHint: '登记后，这份随访计划就此结束。', endHints: { deceased: '登记后，该患者的所有随访计划和待发短信都会停止。', wrong_number: '登记后，这个号码会标为错误，这份随访计划就此结束。', refused: '登记后，这份随访计划就此结束。' } as Record<string, string>, notCalled: '还没有拨打过这位患者。', assignPick: '选择同事，可输入姓名',
    ack: '我来处理', acked: '已接手，升级计时停止。', ackedAt: (at: string) => `${at} 已接手`, provisional: '待核实', postpone: '改期', postponeTitle: '改期到', reason: '原因', postponeReasons: ['患者要求', '患者正在住院', '联系不上，换个时间', '其他'], postponed: (d: string) => `已改期到 ${d}`, assign: '转交', assignTitle: '转交给', assigned: (who: string) => `已转交给${who}`, open360: '打开档案', history: '经过', noHistory: '还没有联系记录。', absent: '休假中', quick: { tomorrow: '明天', three: '3 天后', week: '下周' },
    codes: { started: '开始拨打', postponed: '改期', undone: '撤销', assigned: '转交给', moved: '转交给', absent: '因休假转交给', raised: '患者回复', escalated: '升级给', acknowledged: '已接手', note: '说明', message: '短信任务' } as Record<string, string>,
    severity: ['', '轻度', '中度', '重度'], gone: '这项任务刚被其他同事处理，已为您跳到下一位。', owner: '负责人', unowned: '未分配', attention: '注意', consent: '触达规则', dueAt: '应随访', upTo: '完成本列表', upToHint: '本列表已全部处理。',
  },
  {
    title: 'My worklist', count: n => `${n} open`, mine: 'Mine', team: 'Department', everybody: 'Hospital', who: 'Whose', group: 'Worklist',
    lists: { flags: 'Red flags', escalated: 'Escalated', overdue: 'Overdue', due: 'Today', upcoming: 'Upcoming' },
    kinds: { call: 'Call', review: 'Review', flag: 'Flag', adhoc: 'Ad hoc' },
    empty: {
      flags: ['No open red flags', 'When a patient reports trouble, it appears here at once and at the right edge.'], escalated: ['Nothing was escalated to you', 'Follow-ups that nobody handled in time come up here.'], overdue: ['Nothing is overdue', 'Well done.'],
      due: ['Today’s follow-ups are done', 'Look at the next days, or plan an ad-hoc follow-up for a patient.'], upcoming: ['Nothing is planned', 'Plans start by themselves after a discharge, an operation or a new diagnosis.'],
    },
    showUpcoming: 'Show what comes next', showLate: 'Work on them', lateLeft: n => `Nothing is due today, but ${n} overdue`, more: 'Load more', tries: n => (n === 1 ? '1 try' : `${n} tries`), nextTry: at => `next ${at}`, step: (a, b) => `${a} of ${b}`, pickOne: 'Choose a patient on the left', pickHint: 'Move with j and k, start the call with c.', next: 'Next', previous: 'Previous', backToList: 'Back to the list',
    call: 'Call', calling: 'On the phone', phoneOf: owner => `Phone of: ${owner}`, logged: 'showing the number was logged', dialLink: 'Dial with the phone', noContact: 'There is no number to call. Please add or verify a contact in the patient record.', masked: 'the number shows when you call',
    script: 'Script', noScript: 'This task has no script.', answer: 'The patient answered', outcome: 'Outcome', outcomeHint: 'Press a digit to record it; inside the notes use Alt + digit.', ends: 'ends the plan', done: label => `Recorded: ${label}`, undone: 'Taken back; the task is on the list again.',
    notes: 'Notes', notesPlaceholder: 'What was said; saved by itself', draft: { saved: at => `saved ${at}`, saving: 'saving…', waiting: 'typing…', local: 'no network; kept on this machine, trying again', restored: 'Unrecorded notes were restored' },
    nextAt: 'Agreed next time', nextNeeded: 'Choose the time agreed with the patient first.', soon: { afternoon: 'Today 15:00', tomorrow: 'Tomorrow 10:00', tomorrowLate: 'Tomorrow 15:00', three: 'In 3 days 10:00' }, endTitle: (name, label) => `${name} · ${label}?`, endGo: label => `Record “${label}”`, endHint: 'This follow-up plan ends with it.', endHints: { deceased: 'All plans of this patient end, and no message leaves any more.', wrong_number: 'The number is marked wrong and this follow-up plan ends.', refused: 'This follow-up plan ends with it.' }, notCalled: 'Nobody has called this patient yet.', assignPick: 'Choose a colleague, or type a name',
    ack: 'I take it', acked: 'Taken; the escalation clock has stopped.', ackedAt: at => `taken at ${at}`, provisional: 'to be verified', postpone: 'Postpone', postponeTitle: 'Postpone to', reason: 'Reason', postponeReasons: ['Patient asked for it', 'Patient is in hospital', 'Not reachable, try another time', 'Other'], postponed: d => `Postponed to ${d}`, assign: 'Hand over', assignTitle: 'Hand over to', assigned: who => `Handed over to ${who}`, open360: 'Open the record', history: 'History', noHistory: 'No contact yet.', absent: 'absent', quick: { tomorrow: 'Tomorrow', three: 'In 3 days', week: 'Next week' },
    codes: { started: 'Call started', postponed: 'Postponed', undone: 'Taken back', assigned: 'Handed to', moved: 'Handed to', absent: 'Handed over in absence to', raised: 'Patient answered', escalated: 'Escalated to', acknowledged: 'Taken', note: 'Note', message: 'Message task' },
    severity: ['', 'mild', 'moderate', 'severe'], gone: 'A colleague has just handled this task; here is the next one.', owner: 'Owner', unowned: 'Nobody', attention: 'Watch out', consent: 'Contact rules', dueAt: 'Due', upTo: 'List done', upToHint: 'Everything on this list is handled.',
  },
)
