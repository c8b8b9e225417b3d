import { text } from '../i18n'

/** The patient list. */
export const patients = text(
  {
    title: '患者档案', count: (n: string) => `共 ${n} 位`, add: '新建患者', export: '导出', group: '患者列表', search: '姓名、拼音首字母、手机后四位、卡号',
    views: { all: '全部患者', mine: '我负责的', week: '近 7 天就诊', unassigned: '未分配' },
    col: { name: '患者', phone: '手机', department: '科室 / 医生', diagnosis: '诊断', tags: '标签', seen: '最近就诊', next: '下次随访', owner: '负责人', source: '来源' },
    filter: { department: '科室', owner: '负责人', tag: '标签', seenFrom: '就诊自', seenTo: '至', more: '更多筛选', sex: '性别', age: '年龄', from: '从', to: '到', source: '来源', group: '病种', fields: '自定义字段', addField: '按自定义字段筛选', begins: '以…开头', oneOf: '任一' },
    empty: { title: '没有符合条件的患者', hint: (f: string) => (f ? `可以先去掉“${f}”，或用手机后四位搜索。` : '可以用手机后四位搜索，或新建患者。'), first: '还没有患者', firstHint: '接入 HIS 数据或上传表格后，患者会出现在这里；也可以先手工新建一位。' },
    bulk: { tag: '加标签', untag: '去标签', assign: '分配负责人', pickTag: '选择或输入标签', pickOwner: '选择负责人', working: '正在处理', tagged: (n: number, tag: string) => `已为 ${n} 位患者加上“${tag}”`, untagged: (n: number, tag: string) => `已从 ${n} 位患者去掉“${tag}”`, assigned: (n: number, who: string) => `已将 ${n} 位患者分配给${who}` },
    cell: { edit: (n: string, f: string) => `修改 ${n} 的${f}`, saved: (n: string, f: string) => `${n}的${f}已修改`, changed: '这位患者的档案刚被他人修改。', now: '现在的值：', theirs: '保留现在的', mine: '仍用我的' },
    exporting: { title: '导出当前筛选结果', titleChosen: '导出选中的患者', started: '已开始生成文件，完成后可在下载中心取回。', which: '导出的列', unmasked: '不遮盖号码和地址', unmaskedNote: '文件含完整个人信息，请妥善保管。', columns: { name: '姓名', sex: '性别', birth_date: '出生日期', age: '年龄', mobile: '手机', phone: '电话', id_card: '身份证号', outpatient: '门诊号', inpatient: '住院号', address: '地址', region: '地区', source: '来源', tags: '标签', seen_at: '最近就诊', created_at: '建档日期', department: '最近就诊科室', doctor: '最近就诊医生', diagnosis: '最近诊断', next: '下次随访' } as Record<string, string>, note: '导出范围与当前筛选和您的数据范围一致，手机号和证件号保持遮盖。导出会写入审计记录。', reason: '导出用途', reasonHint: '例如：科室质控月报', format: '格式', go: '导出', count: (n: string) => `${n} 位患者` },
    preview: { title: '预览', toggle: '显示或隐藏预览', none: '在列表中选择一位患者', last: '最近就诊', next: '下一步', nothing: '没有待办', plans: '随访计划', spend: '累计消费', flags: (n: number) => `${n} 个未处理的红色警示`, open: '打开档案', progress: (a: number, b: number) => `${a} / ${b} 步` },
  },
  {
    title: 'Patients', count: n => `${n} people`, add: 'New patient', export: 'Export', group: 'Patient list', search: 'Name, pinyin initials, last four digits, card',
    views: { all: 'All patients', mine: 'Mine', week: 'Seen in 7 days', unassigned: 'Unassigned' },
    col: { name: 'Patient', phone: 'Phone', department: 'Department / doctor', diagnosis: 'Diagnosis', tags: 'Tags', seen: 'Last visit', next: 'Next follow-up', owner: 'Owner', source: 'Source' },
    filter: { department: 'Department', owner: 'Owner', tag: 'Tag', seenFrom: 'Seen from', seenTo: 'to', more: 'More filters', sex: 'Sex', age: 'Age', from: 'from', to: 'to', source: 'Source', group: 'Condition', fields: 'Custom fields', addField: 'Filter by a custom field', begins: 'begins with', oneOf: 'one of' },
    empty: { title: 'No patient matches', hint: f => (f ? `Drop “${f}” first, or search by the last four digits.` : 'Search by the last four digits, or create the patient.'), first: 'No patients yet', firstHint: 'They appear here when the HIS feed runs or a file is uploaded; you can also create one by hand.' },
    bulk: { tag: 'Add tag', untag: 'Remove tag', assign: 'Assign owner', pickTag: 'Choose or type a tag', pickOwner: 'Choose an owner', working: 'Working', tagged: (n, tag) => `“${tag}” added to ${n} patients`, untagged: (n, tag) => `“${tag}” removed from ${n} patients`, assigned: (n, who) => `${n} patients assigned to ${who}` },
    cell: { edit: (n, f) => `Change ${f} of ${n}`, saved: (n, f) => `${f} of ${n} changed`, changed: 'Somebody has just changed this record.', now: 'It now says', theirs: 'Keep theirs', mine: 'Use mine' },
    exporting: { title: 'Export what is filtered', titleChosen: 'Export the chosen patients', started: 'The file is being written; fetch it from your downloads.', which: 'Columns', unmasked: 'Numbers and addresses in full', unmaskedNote: 'The file holds full personal data; keep it safe.', columns: { name: 'Name', sex: 'Sex', birth_date: 'Birth date', age: 'Age', mobile: 'Mobile', phone: 'Phone', id_card: 'Identity number', outpatient: 'Outpatient number', inpatient: 'Inpatient number', address: 'Address', region: 'Region', source: 'Source', tags: 'Tags', seen_at: 'Last visit', created_at: 'Recorded on', department: 'Last department', doctor: 'Last doctor', diagnosis: 'Last diagnosis', next: 'Next follow-up' }, note: 'The file holds what the filters and your data scope show; phones and IDs stay masked. The export is written to the audit trail.', reason: 'Purpose', reasonHint: 'For example: monthly quality report', format: 'Format', go: 'Export', count: n => `${n} patients` },
    preview: { title: 'Preview', toggle: 'Show or hide the preview', none: 'Choose a patient in the list', last: 'Last visit', next: 'Next step', nothing: 'Nothing to do', plans: 'Plans', spend: 'Spent so far', flags: n => `${n} open red flags`, open: 'Open the record', progress: (a, b) => `${a} of ${b} steps` },
  },
)
