import { text } from '../i18n'

/** Custom fields: their page and their place in forms. */
export const fields = text(
  {
    title: '自定义字段', count: (n: number) => `${n} 个字段`, add: '新增字段', own: '其他信息', required: '必填',
    intro: '给患者档案添加本院需要的字段。字段会出现在新建和编辑、360°、列表的列与筛选、导出和人群条件中。',
    kinds: { text: '单行文字', long_text: '多行文字', integer: '整数', decimal: '小数', date: '日期', choice: '单选', multi_choice: '多选', boolean: '是 / 否', person: '同事' } as Record<string, string>,
    col: { label: '名称', kind: '类型', section: '分组', rules: '规则', roles: '可见', state: '状态' },
    f: { label_zh: '中文名称', label_en: '英文名称', key: '代码', kind: '类型', section: '分组', help_zh: '填写说明', help_en: '英文说明', required: '必填', minimum: '下限', maximum: '上限', pattern: '格式规则（正则）', dictionary: '选项来自字典', options: '选项', sees: '可见角色', edits: '可修改角色', active: '启用' } as Record<string, string>,
    hints: { key: '小写字母、数字和下划线，保存后不变', kind: '保存后不变', section: '相同分组排在一起', everyone: '不选为所有角色', length: '字数', choices: '选择的个数', option: '选项名称', optionEN: '英文', addOption: '添加选项', ownOptions: '在此填写选项', unused: '停用' },
    state: { on: '启用', off: '已停用' }, saved: (n: string) => `“${n}”已保存`, retired: (n: string) => `“${n}”已停用，已有内容保留`, restored: (n: string) => `“${n}”已启用`, retire: '停用', restore: '启用', editTitle: '编辑字段', addTitle: '新增字段',
    up: (n: string) => `${n}上移`, down: (n: string) => `${n}下移`, moved: '顺序已保存', range: (a: string, b: string) => (a && b ? `${a} 至 ${b}` : a ? `不小于 ${a}` : b ? `不大于 ${b}` : ''), hidden: '显示停用的字段',
    empty: '还没有自定义字段', emptyHint: '例如：医保类型、紧急联系人偏好、是否接受家访。', everyone: '所有角色', options: (n: number) => `${n} 个选项`,
  },
  {
    title: 'Custom fields', count: n => `${n} fields`, add: 'New field', own: 'More', required: 'Required',
    intro: 'Add what your hospital needs to the patient record. A field appears in the form, the 360° page, the list’s columns and filters, exports and segments.',
    kinds: { text: 'Text', long_text: 'Long text', integer: 'Whole number', decimal: 'Decimal', date: 'Date', choice: 'One choice', multi_choice: 'Several choices', boolean: 'Yes / no', person: 'Colleague' },
    col: { label: 'Name', kind: 'Kind', section: 'Section', rules: 'Rules', roles: 'Seen by', state: 'State' },
    f: { label_zh: 'Chinese name', label_en: 'English name', key: 'Code', kind: 'Kind', section: 'Section', help_zh: 'Help', help_en: 'English help', required: 'Required', minimum: 'At least', maximum: 'At most', pattern: 'Pattern (regular expression)', dictionary: 'Options from a dictionary', options: 'Options', sees: 'Seen by roles', edits: 'Edited by roles', active: 'Active' },
    hints: { key: 'small letters, digits, underscores; stays', kind: 'stays', section: 'equal sections stand together', everyone: 'none means every role', length: 'characters', choices: 'choices', option: 'Option', optionEN: 'English', addOption: 'Add an option', ownOptions: 'Options listed here', unused: 'Inactive' },
    state: { on: 'active', off: 'inactive' }, saved: n => `“${n}” saved`, retired: n => `“${n}” deactivated; its values are kept`, restored: n => `“${n}” is active again`, retire: 'Deactivate', restore: 'Activate', editTitle: 'Edit field', addTitle: 'New field',
    up: n => `Move ${n} up`, down: n => `Move ${n} down`, moved: 'Order saved', range: (a, b) => (a && b ? `${a} to ${b}` : a ? `at least ${a}` : b ? `at most ${b}` : ''), hidden: 'Show inactive fields',
    empty: 'No custom fields yet', emptyHint: 'For example: insurance type, preferred contact, accepts home visits.', everyone: 'Every role', options: n => `${n} options`,
  },
)
