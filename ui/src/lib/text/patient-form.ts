import { text } from '../i18n'

// Values that are stored as they stand, whatever language the page speaks.
const suggest = {
  marital: ['未婚', '已婚', '离异', '丧偶'],
  ethnicity: ['汉族', '壮族', '回族', '满族', '维吾尔族', '苗族', '彝族', '土家族', '藏族', '蒙古族', '其他'],
  occupation: ['职员', '工人', '农民', '教师', '学生', '医务人员', '公务员', '个体经营', '退休', '儿童', '无业', '其他'],
}

/** The form for a patient record. */
export const form = text(
  {
    newTitle: '新建患者', editTitle: (n: string) => `编辑 · ${n}`, back: '患者档案', backTo: (n: string) => `回到${n}的档案`, save: '保存', saveAnyway: '确认是新患者并保存', saveEdit: '保存修改', saved: (n: string) => `${n}的档案已保存。`, nothing: '没有改动。', group: '患者表单', required: '必填', restored: (at: string) => `已恢复 ${at} 未保存的内容。`, discard: '清空重填', discardEdit: '放弃这些改动', kept: '草稿保存在本机，刷新或断电不会丢。', hint: 'Tab 到下一项，Ctrl + Enter 保存。', fix: (n: number) => `有 ${n} 处需要修改`,
    sections: { identity: '身份', contact: '联系方式', care: '归属', notes: '提示与备注' },
    f: { name: '姓名', sex: '性别', birth_date: '出生日期', id_card: '身份证号', occupation: '职业', ethnicity: '民族', marital: '婚姻', source: '来源', region_code: '地区', address: '详细地址', owner_id: '负责人', department_id: '科室', tags: '标签', alert: '注意事项', note: '备注', contacts: '联系方式', identifiers: '就诊号码' } as Record<string, string>,
    hints: { birth: '例如 19790326', id: '18 位，自动填出生日期和性别', mobile: '11 位手机号', alert: '所有人最先看到的，例如：青霉素过敏', address: '街道、门牌', addressMasked: (v: string) => `现为 ${v}，重新填写将覆盖`, number: '号码', add: '再加一个', addNumber: '加就诊号码', removeLine: '去掉这一行', owner: '是谁的', system: '类型', kind: '号码类型', addNow: '添加', added: '联系方式已添加。', numberAdded: '就诊号码已添加。', numberRemoved: (v: string) => `已删除号码 ${v}`, removeNumber: '删除号码', keepNumber: '保留', numberSure: (v: string) => `删除证件号 ${v}？删除后需重新录入完整号码。` },
    bad: { name: '请填写姓名。', sex: '请选择性别。', birth: '请写成年月日，例如 19790326。', future: '出生日期不能晚于今天。', id: '身份证号有误，请核对。', mobile: '手机号应为 1 开头的 11 位数字。', unreachable: '请至少填一个联系方式或身份证号，否则无法随访或识别。' },
    dup: { title: '疑似重复', none: '没有发现相似的患者', waiting: '填写姓名、手机号或证件号后，这里会显示可能是同一人的档案。', zones: { auto: '几乎可以确定是同一人', review: '疑似同一人', near: '有些相似' } as Record<string, string>, open: '打开这份档案', outside: (n: number) => `另有 ${n} 份几乎相同的档案不在您的数据范围内，请联系信息科核对后再建档。`, reason: { name: '姓名', birth_date: '出生日期', sex: '性别', id_card: '身份证', number: '就诊号码', mobile: '手机', phone: '座机', address: '地址' } as Record<string, string>, outcome: { same: '相同', similar: '相近', near: '接近', differs: '不同', veto: '矛盾', newborn: '母婴' } as Record<string, string> },
    conflict: { title: '这份档案刚被别人修改', hint: '两边都改过的项目请选择保留哪一个；其余改动会自动合并。', field: '项目', base: '原来', mine: '我的', theirs: '现在的', auto: (list: string) => `对方的这些改动会保留：${list}`, comma: '；', go: '保存合并结果', empty: '（空）', discard: '放弃我的改动' }, suggest,
  },
  {
    newTitle: 'New patient', editTitle: n => `Edit · ${n}`, back: 'Patients', backTo: n => `Back to ${n}`, save: 'Save', saveAnyway: 'This is a new person: save', saveEdit: 'Save changes', saved: n => `${n} was saved.`, nothing: 'Nothing was changed.', group: 'Patient form', required: 'Required', restored: at => `Unsaved content of ${at} was restored.`, discard: 'Start over', discardEdit: 'Drop these changes', kept: 'The draft is kept on this machine; a reload or power cut loses nothing.', hint: 'Tab moves on, Ctrl + Enter saves.', fix: n => (n === 1 ? '1 thing to correct' : `${n} things to correct`),
    sections: { identity: 'Identity', contact: 'Contact', care: 'Care', notes: 'Alerts and notes' },
    f: { name: 'Name', sex: 'Sex', birth_date: 'Date of birth', id_card: 'ID card number', occupation: 'Occupation', ethnicity: 'Ethnicity', marital: 'Marital status', source: 'Source', region_code: 'Region', address: 'Address', owner_id: 'Owner', department_id: 'Department', tags: 'Tags', alert: 'Alert', note: 'Note', contacts: 'Contacts', identifiers: 'Hospital numbers' },
    hints: { birth: 'for example 19790326', id: '18 characters; fills birth date and sex', mobile: '11-digit mobile', alert: 'What everyone must see first, e.g. allergic to penicillin', address: 'Street and number', addressMasked: v => `now ${v}; typing replaces it`, number: 'Number', add: 'Add another', addNumber: 'Add a hospital number', removeLine: 'Remove this line', owner: 'Whose', system: 'Type', kind: 'Kind of number', addNow: 'Add', added: 'Contact added.', numberAdded: 'Number added.', numberRemoved: v => `Number ${v} removed`, removeNumber: 'Remove the number', keepNumber: 'Keep', numberSure: v => `Remove the document number ${v}? It must be typed in full to come back.` },
    bad: { name: 'Please enter the name.', sex: 'Please choose.', birth: 'Please write year, month, day, e.g. 19790326.', future: 'The date lies in the future.', id: 'This is no valid ID number; please check.', mobile: 'A mobile number has 11 digits and starts with 1.', unreachable: 'Enter at least one contact or the ID number; otherwise nobody can reach or recognise the patient.' },
    dup: { title: 'Possible duplicates', none: 'No similar patient found', waiting: 'Enter name, phone or ID, and records of possibly the same person appear here.', zones: { auto: 'Almost certainly the same person', review: 'Possibly the same person', near: 'Somewhat similar' }, open: 'Open this record', outside: n => `${n} nearly identical records lie outside your data scope; ask IT before creating another.`, reason: { name: 'name', birth_date: 'birth date', sex: 'sex', id_card: 'ID card', number: 'hospital number', mobile: 'mobile', phone: 'landline', address: 'address' }, outcome: { same: 'same', similar: 'similar', near: 'close', differs: 'differs', veto: 'contradicts', newborn: 'newborn' } },
    conflict: { title: 'Somebody has just changed this record', hint: 'Where both of you changed something, choose what stays; everything else is merged.', field: 'Field', base: 'Before', mine: 'Mine', theirs: 'Now', auto: list => `These changes of theirs stay: ${list}`, comma: '; ', go: 'Save the merged record', empty: '(empty)', discard: 'Drop my changes' }, suggest,
  },
)
