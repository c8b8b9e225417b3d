import { text } from '../i18n'

/** Organisations: insurers, employers, units under contract. */
export const organization = text(
  {
    title: '团体单位', nav: '团体单位', count: (n: string) => `共 ${n} 个`, create: '新建单位', search: '名称、编号或拼音首字母', none: '还没有团体单位', noneHint: '登记保险公司、合同单位或学校后，可以导入成员名单。', noneHere: '没有找到这样的单位', noneHereHint: '换个名称、拼音或类别试试。', clear: '清除筛选', all: '全部类别', saved: '已保存', removed: '单位已移除', restore: '已恢复',
    kinds: { insurer: '保险公司', employer: '用人单位', contract: '合同单位', school: '学校', community: '社区', other: '其他' } as Record<string, string>,
    roles: { employee: '职工', insured: '参保人', dependant: '家属', retired: '退休', student: '学生', resident: '居民', other: '其他' } as Record<string, string>,
    col: { name: '单位', kind: '类别', region: '地区', owner: '负责人', members: '成员', phone: '电话' },
    f: { kind: '类别', name: '单位名称', code: '编号', address: '地址', phone: '总机', note: '备注', owner: '负责人' }, card: '单位资料', edit: '修改', remove: '移除单位', back: '团体单位',
    tabs: { members: '成员', contracts: '合同', contacts: '联系人', calls: '拜访记录' } as Record<string, string>,
    members: { count: (n: string) => `${n} 位成员`, scope: '只统计您数据范围内的患者', current: '现有成员', former: '已离开', search: '姓名、拼音或号码后四位', none: '还没有成员', noneHint: '粘贴门诊号、住院号或一卡通号的名单，一次导入。', noneFormer: '没有已离开的成员', add: '添加成员', import: '导入名单', role: '身份', number: '工号、保单号', unit: '部门', from: '开始', to: '结束', toHint: '留空为长期', name: '姓名', patient: '患者', remove: '移出名单', removed: '已移出名单', saved: '已保存', importHint: '每行一个门诊号、住院号、一卡通号、体检号或身份证号；后面可用逗号或制表符跟上工号。', go: '导入', result: (added: number, already: number) => `新增 ${added} 位，已在名单 ${already} 位。`, missing: (n: number) => `${n} 行没有对上：`, verdict: { not_found: '没有找到', ambiguous: '多位患者有此号码' } as Record<string, string>, line: (n: number) => `第 ${n} 行`, again: '继续导入' },
    contract: { add: '添加合同', title: '合同名称', number: '合同编号', from: '开始', to: '结束', amount: '金额（元）', terms: '条款', current: '有效', past: '不在有效期', none: '还没有合同', save: '保存', remove: '删除', removed: '合同已删除', noEnd: '长期' },
    contact: { add: '添加联系人', name: '姓名', post: '职务', phone: '电话', email: '邮箱', main: '主要联系人', note: '备注', none: '还没有联系人', remove: '删除', removed: '联系人已删除' },
    call: { add: '记一次拜访', kind: '方式', kinds: { visit: '上门', phone: '电话', meeting: '会面', event: '活动' } as Record<string, string>, text: '谈了什么', next: '下次联系', none: '还没有拜访记录', nextOn: (d: string) => `下次 ${d}`, saved: '已记录' },
  },
  {
    title: 'Organisations', nav: 'Organisations', count: n => `${n} in all`, create: 'New organisation', search: 'Name, code or pinyin initials', none: 'No organisations yet', noneHint: 'Record an insurer, employer or school to import its list of members.', noneHere: 'No such organisation', noneHereHint: 'Try another name, pinyin or kind.', clear: 'Clear filters', all: 'All kinds', saved: 'Saved', removed: 'Organisation removed', restore: 'Restored',
    kinds: { insurer: 'Insurer', employer: 'Employer', contract: 'Unit under contract', school: 'School', community: 'Community', other: 'Other' },
    roles: { employee: 'Employee', insured: 'Insured', dependant: 'Dependant', retired: 'Retired', student: 'Student', resident: 'Resident', other: 'Other' },
    col: { name: 'Organisation', kind: 'Kind', region: 'Region', owner: 'Owner', members: 'Members', phone: 'Phone' },
    f: { kind: 'Kind', name: 'Name', code: 'Code', address: 'Address', phone: 'Switchboard', note: 'Note', owner: 'Owner' }, card: 'Card', edit: 'Change', remove: 'Remove organisation', back: 'Organisations',
    tabs: { members: 'Members', contracts: 'Contracts', contacts: 'Contacts', calls: 'Visits' },
    members: { count: n => `${n} members`, scope: 'Counts only the patients in your data scope', current: 'Members', former: 'Former', search: 'Name, pinyin or last four digits', none: 'No members yet', noneHint: 'Paste a list of hospital numbers to import them at once.', noneFormer: 'No former members', add: 'Add a member', import: 'Import a list', role: 'Role', number: 'Staff or policy no.', unit: 'Unit', from: 'From', to: 'To', toHint: 'Empty: no end', name: 'Name', patient: 'Patient', remove: 'Take off the list', removed: 'Taken off the list', saved: 'Saved', importHint: 'One outpatient, inpatient, card, check-up or identity number per line; the staff number may follow behind a comma or tab.', go: 'Import', result: (added, already) => `${added} added, ${already} on the list already.`, missing: n => (n === 1 ? '1 line fits nobody:' : `${n} lines fit nobody:`), verdict: { not_found: 'nobody found', ambiguous: 'several patients have it' }, line: n => `line ${n}`, again: 'Import more' },
    contract: { add: 'Add a contract', title: 'Title', number: 'Contract no.', from: 'From', to: 'To', amount: 'Amount (yuan)', terms: 'Terms', current: 'valid', past: 'not valid today', none: 'No contracts yet', save: 'Save', remove: 'Remove', removed: 'Contract removed', noEnd: 'no end' },
    contact: { add: 'Add a contact', name: 'Name', post: 'Post', phone: 'Phone', email: 'E-mail', main: 'Main contact', note: 'Note', none: 'No contacts yet', remove: 'Remove', removed: 'Contact removed' },
    call: { add: 'Log a visit', kind: 'How', kinds: { visit: 'Visit', phone: 'Call', meeting: 'Meeting', event: 'Event' }, text: 'What was said', next: 'Next contact', none: 'No visits yet', nextOn: d => `next ${d}`, saved: 'Logged' },
  },
)
