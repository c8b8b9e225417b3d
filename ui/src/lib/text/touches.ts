import { text } from '../i18n'

/** How a patient came to us, and a hospital's own fields on the patient's page. */
export const touches = text(
  {
    title: '来源与触点', first: '首次来源', none: '未登记来源', add: '添加触点', source: '来源', note: '说明', notePlaceholder: '例如：家属看到公众号文章', added: '已添加触点', correct: '更正首次来源', reason: '更正原因', corrected: '首次来源已更正并记入审计',
    fixed: '首次来源登记后不再改变，新的来源作为触点添加。', fields: '其他信息', empty: '未填写', edit: (f: string) => `修改${f}`,
  },
  {
    title: 'Sources', first: 'First source', none: 'No source recorded', add: 'Add a contact', source: 'Source', note: 'Note', notePlaceholder: 'For example: family saw the article', added: 'Contact added', correct: 'Correct the first source', reason: 'Reason', corrected: 'The first source was corrected; the audit trail has it',
    fixed: 'The first source stays; later ones are added as contacts.', fields: 'More', empty: 'not filled', edit: f => `Change ${f}`,
  },
)
