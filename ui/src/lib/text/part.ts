import { text } from '../i18n'

/** Words of parts that several pages share: the patient picker, the guard of unsaved work, the text gauge. */
export const part = text(
  {
    pick: '姓名、拼音首字母或手机后四位', pickNone: '没有找到，请换后四位或全拼试试', pickHint: '输入后选择患者',
    guard: '有未保存的修改', guardHint: '离开后，未保存的内容会留在本机，下次打开此页可恢复。', stay: '继续编辑', leave: '离开', restored: (when: string) => `已恢复 ${when} 未保存的修改。`, discard: '放弃修改', conflict: '同事刚保存了新的版本。您的修改还在本页，请核对后再保存。', reload: '载入最新版本',
    gauge: (units: number, parts: number) => `${units} 字 · ${parts} 条`, room: (n: number) => `本条还可写 ${n} 字`, cost: (y: string) => `约 ${y}`, gsm7: '英文编码', ucs2: '中文编码', full: '发送全文', checking: '正在检查…', gateOk: '可以发送', gateNo: '不能发送', gateLater: (when: string) => `将在 ${when} 发出`, lintNone: '文字检查通过', gateWait: '选好患者、写好内容后，这里显示能否发送', lintBad: '须修改', lintWarn: '提醒',
    purposes: { care: '诊疗关怀', notice: '通知', survey: '满意度', promotion: '宣传推广' } as Record<string, string>,
    posts: { nurse: '护士', head_nurse: '护士长', doctor: '医生', head: '科室负责人', agent: '客服坐席', consultant: '咨询师', marketing: '市场', director: '院领导', admin: '系统管理员', auditor: '审计员', owner: '主管人' } as Record<string, string>,
    match: { same: '一致', similar: '很像', near: '相近', differs: '不同', veto: '矛盾', newborn: '新生儿' } as Record<string, string>,
    matchFields: { name: '姓名', sex: '性别', birth_date: '出生日期', birth: '出生日期', id_card: '身份证', phone: '电话', mobile: '手机', card: '一卡通号', outpatient: '门诊号', inpatient: '住院号', record: '病人 ID', address: '地址', email: '邮箱', number: '号码', contact: '联系方式', telecom: '电话', region: '地区', passport: '护照', permit: '通行证', health_card: '健康卡', checkup: '体检号', other: '其他号码' } as Record<string, string>,
    bits: (n: string) => `匹配分 ${n}`,
  },
  {
    pick: 'Name, pinyin initials or last four digits', pickNone: 'Nobody found; try the last four digits or full pinyin', pickHint: 'Type, then choose the patient',
    guard: 'There are unsaved changes', guardHint: 'What you wrote stays on this machine and can be restored when you open this page again.', stay: 'Keep editing', leave: 'Leave', restored: when => `Unsaved changes from ${when} were restored.`, discard: 'Discard them', conflict: 'A colleague has just saved a newer version. Your changes are still here; please compare before saving.', reload: 'Load the newest',
    gauge: (units, parts) => `${units} characters · ${parts} ${parts === 1 ? 'segment' : 'segments'}`, room: n => `${n} left in this segment`, cost: y => `about ${y}`, gsm7: 'GSM alphabet', ucs2: 'Unicode', full: 'As it will be sent', checking: 'Checking…', gateOk: 'May be sent', gateNo: 'May not be sent', gateLater: when => `Will leave ${when}`, lintNone: 'Text check passed', gateWait: 'Choose a patient and write the text: this shows whether it may go', lintBad: 'Must change', lintWarn: 'Note',
    purposes: { care: 'Care', notice: 'Notice', survey: 'Survey', promotion: 'Promotion' },
    posts: { nurse: 'Nurse', head_nurse: 'Head nurse', doctor: 'Doctor', head: 'Head of department', agent: 'Agent', consultant: 'Consultant', marketing: 'Marketing', director: 'Director', admin: 'Administrator', auditor: 'Auditor', owner: 'Owner' },
    match: { same: 'same', similar: 'very close', near: 'close', differs: 'different', veto: 'contradicts', newborn: 'newborn' },
    matchFields: { name: 'Name', sex: 'Sex', birth_date: 'Birth date', birth: 'Birth date', id_card: 'ID card', phone: 'Phone', mobile: 'Mobile', card: 'Card number', outpatient: 'Outpatient no.', inpatient: 'Inpatient no.', record: 'Patient ID', address: 'Address', email: 'E-mail', number: 'Number', contact: 'Contact', telecom: 'Phone', region: 'Region', passport: 'Passport', permit: 'Permit', health_card: 'Health card', checkup: 'Check-up no.', other: 'Other number' },
    bits: n => `Match score ${n}`,
  },
)
