import { text } from '../i18n'

/** Follow-up plans: the list, one plan, enrolment by hand. */
export const plan = text(
  {
    title: '随访计划', count: (n: string) => `共 ${n} 个`, enrol: '加入随访计划', views: { active: '进行中', completed: '已完成', exited: '已退出', all: '全部' }, template: '模板', patient: '患者',
    states: { active: '进行中', planned: '待开始', completed: '已完成', done: '已完成', exited: '已退出', cancelled: '已取消', replaced: '已重排', superseded: '已重排' } as Record<string, string>,
    col: { patient: '患者', template: '模板', state: '状态', day0: '第 0 天', next: '下一步', progress: '进度' }, progress: (a: number, b: number) => `${a} / ${b} 步`, versionOf: (n: number) => `第 ${n} 版`,
    none: '还没有随访计划', noneHint: '患者出院、手术或确诊后会按模板自动加入；也可以现在手工加入一位。', noneHere: '没有符合条件的计划', noneHereHint: '减少一个筛选条件，或清除筛选后再看。',
    pickTemplate: '选择模板', noTemplate: '没有启用中的模板，请先启用一个。', day0: '第 0 天', day0Hint: '手术或出院当天', enrolled: '已加入，步骤已排好', enrolHint: '同一次就诊、同一模板只会有一个计划。',
    steps: '步骤', step: '步骤', planned: '计划日期', original: '原定', moved: (d: string) => `原定 ${d}，遇休息日调整`, kind: '方式', kinds: { message: '短信', call: '电话', review: '复查' } as Record<string, string>, message: '短信状态', doneAt: '完成时间', openTask: '打开任务', shifted: '遇休息日调整',
    stepStates: { pending: '待执行', task: '任务进行中', planned: '待执行', waiting: '等待回复', queued: '待执行', due: '今天到期', doing: '进行中', open: '进行中', running: '进行中', sent: '已发送', done: '已完成', answered: '已回复', completed: '已完成', failed: '未送达', blocked: '未能发送', lapsed: '已过期未做', skipped: '已跳过', cancelled: '已取消', exited: '已取消' } as Record<string, string>,
    messageStates: { queued: '排队中', sending: '发送中', accepted: '已提交', delivered: '已送达', failed: '发送失败', unknown: '结果未知', blocked: '未放行', cancelled: '已取消', answered: '已回复' } as Record<string, string>,
    exit: '退出计划', exitTitle: '让患者退出此计划？', exitHint: '未做的步骤都会取消，已排队的短信不再发出；记录保留。', exitReason: '退出原因', exitReasons: ['患者要求', '转院治疗', '诊断变更', '重复入组', '患者已故'], exited: '已退出计划', openPatient: '打开患者档案', other: '补充说明', reasonOf: '退出原因', exitCodes: { discharge_cancelled: '出院已取消', visit_cancelled: '就诊已取消', import_taken_back: '导入已撤回' } as Record<string, string>,
  },
  {
    title: 'Follow-up plans', count: n => `${n} in all`, enrol: 'Enrol a patient', views: { active: 'Running', completed: 'Finished', exited: 'Left', all: 'All' }, template: 'Template', patient: 'Patient',
    states: { active: 'Running', planned: 'Not begun', completed: 'Finished', done: 'Finished', exited: 'Left', cancelled: 'Cancelled', replaced: 'Re-planned', superseded: 'Re-planned' },
    col: { patient: 'Patient', template: 'Template', state: 'State', day0: 'Day 0', next: 'Next', progress: 'Progress' }, progress: (a, b) => `${a} of ${b}`, versionOf: n => `version ${n}`,
    none: 'There are no plans yet', noneHint: 'Patients are enrolled by themselves after discharge, a procedure or a diagnosis; you may also enrol one by hand.', noneHere: 'No such plan', noneHereHint: 'Drop one filter, or clear them all.',
    pickTemplate: 'Choose a template', noTemplate: 'No template is active; activate one first.', day0: 'Day 0', day0Hint: 'The day of the procedure or discharge', enrolled: 'Enrolled; the steps are planned', enrolHint: 'An encounter has one plan per template.',
    steps: 'Steps', step: 'Step', planned: 'Planned for', original: 'Was', moved: d => `was ${d}; moved by the calendar`, kind: 'How', kinds: { message: 'Message', call: 'Call', review: 'Review' }, message: 'Message', doneAt: 'Done', openTask: 'Open the task', shifted: 'Moved by the calendar',
    stepStates: { pending: 'To come', task: 'Task open', planned: 'To come', waiting: 'Awaiting reply', queued: 'To come', due: 'Due today', doing: 'Under way', open: 'Under way', running: 'Under way', sent: 'Sent', done: 'Done', answered: 'Answered', completed: 'Done', failed: 'Not delivered', blocked: 'Not allowed', lapsed: 'Lapsed', skipped: 'Skipped', cancelled: 'Cancelled', exited: 'Cancelled' },
    messageStates: { queued: 'Queued', sending: 'Sending', accepted: 'Handed over', delivered: 'Delivered', failed: 'Failed', unknown: 'Unknown', blocked: 'Blocked', cancelled: 'Cancelled', answered: 'Answered' },
    exit: 'End the plan', exitTitle: 'Take the patient out of this plan?', exitHint: 'Steps not yet done are cancelled and queued messages do not leave; the record stays.', exitReason: 'Reason', exitReasons: ['Patient’s wish', 'Treated elsewhere', 'Diagnosis changed', 'Enrolled twice', 'Patient deceased'], exited: 'The plan has ended', openPatient: 'Open the patient', other: 'Remarks', reasonOf: 'Reason', exitCodes: { discharge_cancelled: 'discharge cancelled', visit_cancelled: 'visit cancelled', import_taken_back: 'import rolled back' },
  },
)
