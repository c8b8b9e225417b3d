import { text } from '../i18n'

/** Who looked at a patient's data. */
export const accessLog = text(
  {
    kinds: { '': '全部', look: '查看', change: '修改' } as Record<string, string>, filter: '筛选', when: '时间', who: '谁', role: '岗位', what: '做了什么', reason: '原因', more: '加载更早的记录', empty: '还没有人看过', emptyHint: '打开档案、查看完整号码、导出和修改都会记在这里，不能删改。', sealed: '已封存，不可篡改', former: '合并前的档案', count: (n: string) => `${n} 条`, hint: '同一人一小时内多次打开只记一次。岗位与科室为当前信息。',
    acts: { look: '打开档案', reveal: '查看完整内容', export: '导出', play: '收听录音', change: '修改' } as Record<string, string>, fields: { contact: '联系方式', identifier: '号码', address: '地址' } as Record<string, string>, actions: { 'patient.patient.create': '建档', 'patient.patient.update': '修改资料', 'patient.patient.merge': '合并档案', 'patient.patient.unmerge': '撤销合并', 'patient.tag.update': '修改标签', 'patient.contact.mark_wrong': '标记错号', 'followup.task.update': '随访', 'followup.task.create': '安排随访', 'followup.plan.enrol': '加入随访计划', 'consent.record.update': '登记同意或退订', 'message.message.cancel': '取消短信', 'visit.condition.create': '加诊断' } as Record<string, string>,
  },
  {
    kinds: { '': 'All', look: 'Looks', change: 'Changes' }, filter: 'Filter', when: 'When', who: 'Who', role: 'Role', what: 'What', reason: 'Reason', more: 'Load earlier entries', empty: 'Nobody looked yet', emptyHint: 'Opening the record, full numbers, exports and changes are recorded here and cannot be removed.', sealed: 'sealed, cannot be changed', former: 'record before the merge', count: n => `${n} entries`, hint: 'Opening the record again within an hour counts once. Role and department are today’s.',
    acts: { look: 'opened the record', reveal: 'saw in full', export: 'exported', play: 'listened', change: 'changed' }, fields: { contact: 'a contact', identifier: 'a number', address: 'the address' }, actions: { 'patient.patient.create': 'created the record', 'patient.patient.update': 'changed the record', 'patient.patient.merge': 'merged records', 'patient.patient.unmerge': 'undid a merge', 'patient.tag.update': 'changed tags', 'patient.contact.mark_wrong': 'marked a wrong number', 'followup.task.update': 'followed up', 'followup.task.create': 'planned a follow-up', 'followup.plan.enrol': 'enrolled in a plan', 'consent.record.update': 'recorded consent or opt-out', 'message.message.cancel': 'cancelled a message', 'visit.condition.create': 'added a diagnosis' },
  },
)
