import { text } from '../i18n'

/** The audit trail. */
export const audit = text(
  {
    title: '审计', hint: '谁在什么时候看过、改过、导出过什么。记录逐条相连，改动一条就会被发现。', from: '从', to: '到', actor: '操作人', action: '动作', actionHint: '全部动作', patient: '患者', col: { seq: '序号', at: '时间', actor: '操作人', action: '动作', entity: '对象', patient: '患者', reason: '原因', sealed: '封存' }, sealed: '已封存', unsealed: '待封存', detail: '明细', request: '请求编号', door: '入口', noDetail: '没有明细',
    verify: '校验完整性', verifying: '正在逐条校验…', ok: (n: string) => `${n} 条记录连续完整，没有被改动。`, broken: (n: string, seq: string) => `第 ${seq} 条被改动过！此前的记录完好。共检查 ${n} 条。请立即通知信息科并保留备份。`, none: '没有符合条件的记录', noneHint: '放宽日期，或清除筛选。', search: '查询',
    actions: { 'patient.detail.reveal': '查看完整号码', 'patient.patient.export': '导出患者', 'patient.patient.merge': '合并档案', 'patient.patient.update': '修改患者', 'patient.patient.create': '新建患者', 'setting.setting.update': '修改设置', 'setting.setting.clear': '恢复跟随全院', 'staff.account.update': '修改账号', 'staff.role.update': '修改角色', 'followup.template.activate': '启用模板', 'followup.task.update': '登记随访', 'followup.task.assign': '转交随访', 'message.message.send': '发送短信', 'intake.upload.apply': '写入导入文件', 'intake.record.read': '查看接入记录', 'intake.record.reveal': '查看接入记录原文', 'intake.record.decide': '核对接入记录', 'session.sign_in': '登录' } as Record<string, string>,
    doors: { desk: '工作台', system: '系统', api: '接口', command: '命令行' } as Record<string, string>,
  },
  {
    title: 'Audit', hint: 'Who saw, changed or exported what, and when. Entries are chained; altering one shows.', from: 'From', to: 'To', actor: 'By', action: 'Action', actionHint: 'Every action', patient: 'Patient', col: { seq: 'No.', at: 'When', actor: 'By', action: 'Action', entity: 'Object', patient: 'Patient', reason: 'Reason', sealed: 'Sealed' }, sealed: 'sealed', unsealed: 'to be sealed', detail: 'Details', request: 'Request', door: 'Door', noDetail: 'No details',
    verify: 'Verify the chain', verifying: 'Walking the chain…', ok: n => `${n} entries, an unbroken chain; nothing was altered.`, broken: (n, seq) => `Entry ${seq} was altered! Everything before it is sound; ${n} entries were checked. Tell IT at once and keep the backups.`, none: 'No such entries', noneHint: 'Widen the dates, or clear the filters.', search: 'Search',
    actions: { 'patient.detail.reveal': 'Saw a full number', 'patient.patient.export': 'Exported patients', 'patient.patient.merge': 'Merged records', 'patient.patient.update': 'Changed a patient', 'patient.patient.create': 'Made a patient', 'setting.setting.update': 'Changed a setting', 'setting.setting.clear': 'Cleared a department’s setting', 'staff.account.update': 'Changed an account', 'staff.role.update': 'Changed a role', 'followup.template.activate': 'Activated a template', 'followup.task.update': 'Recorded a follow-up', 'followup.task.assign': 'Handed over a follow-up', 'message.message.send': 'Sent a message', 'intake.upload.apply': 'Wrote an import', 'intake.record.read': 'Saw an intake record', 'intake.record.reveal': 'Saw an intake record in full', 'intake.record.decide': 'Decided an intake record', 'session.sign_in': 'Signed in' },
    doors: { desk: 'desk', system: 'system', api: 'API', command: 'command line' },
  },
)
