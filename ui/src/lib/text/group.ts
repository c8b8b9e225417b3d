import { text } from '../i18n'

/** Condition groups (病种): ICD codes that belong together, and the plans they start. */
export const group = text(
  {
    title: '病种', count: (n: number) => `共 ${n} 个`, create: '新建病种', name: '名称', codes: 'ICD 编码', codesHint: '写开头即可，如 N87 包含 N87.1；用空格或逗号分隔', col: { name: '病种', codes: 'ICD 编码', version: '版本' }, search: '病种或编码',
    preview: '保存后会怎样', previewHint: '先写编码，这里显示会涉及多少患者、会触发哪些计划', previewing: '正在计算…', patients: (n: string) => `${n} 位患者的诊断在此病种内`, plans: (n: number) => `新的诊断会触发 ${n} 个随访计划：`, noPlans: '不会触发任何随访计划', steps: (n: number) => `${n} 步`, saved: '病种已保存', none: '还没有病种', noneHint: '把几个 ICD 编码归成一类，随访模板就能按病种自动入组。', noneHere: '没有符合的病种', noneHereHint: '换个关键词，或清除搜索。', badCode: (c: string) => `“${c}”不像 ICD 编码`, others: (n: string) => `也在“${n}”里`,
  },
  {
    title: 'Condition groups', count: n => `${n} in all`, create: 'New group', name: 'Name', codes: 'ICD codes', codesHint: 'A beginning is enough: N87 covers N87.1; separate by space or comma', col: { name: 'Group', codes: 'ICD codes', version: 'Version' }, search: 'Group or code',
    preview: 'What saving will do', previewHint: 'Write codes: this shows how many patients they cover and which plans they start', previewing: 'Counting…', patients: n => `${n} patients have such a diagnosis`, plans: n => `A new diagnosis starts ${n} follow-up ${n === 1 ? 'plan' : 'plans'}:`, noPlans: 'It starts no follow-up plan', steps: n => `${n} steps`, saved: 'The group is saved', none: 'There are no condition groups yet', noneHint: 'Put ICD codes together, and follow-up templates can enrol by group.', noneHere: 'No such group', noneHereHint: 'Try another word, or clear the search.', badCode: c => `“${c}” does not look like an ICD code`, others: n => `also in “${n}”`,
  },
)
