import { Select } from 'antd'
import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { call } from '../../../api/call'
import '../../../api/contract/lookup'
import { fitting, type Choice } from '../../../lib/pinyin'
import { useText } from '../../../lib/i18n'
import { part } from '../../../lib/text/part'
import { useColleagues } from '../../lookup'

interface Option extends Choice { value: string; note?: string }
interface Props { options: Option[]; value?: string; onChange: (v: string | undefined) => void; label: string; placeholder?: string; loading?: boolean; className?: string; autoFocus?: boolean; disabled?: boolean; status?: 'error'; clear?: boolean }

/** Pick chooses one of a list that is known whole: type characters, pinyin, initials or a code; the best fit stands first. */
export function Pick({ options, onChange, label, placeholder, className = 'full', clear = true, ...rest }: Props) {
  const [typed, setTyped] = useState('')
  const t = useText(part)
  return (
    <Select {...rest} className={className} aria-label={label} placeholder={placeholder ?? label} allowClear={clear} optionLabelProp="title"
      showSearch={{ filterOption: false, onSearch: setTyped }} notFoundContent={t.pickNone}
      options={fitting(options, typed).map(o => ({ value: o.value, title: o.label, label: <span className="pick-row">{o.label}{o.note && <> <small className="sub">{o.note}</small></>}</span> }))}
      onChange={v => { setTyped(''); onChange(v ?? undefined) }} />
  )
}

/** PickMany is Pick for several. */
export function PickMany({ options, value, onChange, label, placeholder, loading, className = 'full' }: Omit<Props, 'value' | 'onChange'> & { value: string[]; onChange: (v: string[]) => void }) {
  const [typed, setTyped] = useState('')
  const t = useText(part)
  return (
    <Select mode="multiple" className={className} aria-label={label} placeholder={placeholder ?? label} value={value} loading={loading} optionLabelProp="title"
      showSearch={{ filterOption: false, onSearch: setTyped }} notFoundContent={t.pickNone}
      options={fitting(options, typed).map(o => ({ value: o.value, title: o.label, label: <span className="pick-row">{o.label}{o.note && <> <small className="sub">{o.note}</small></>}</span> }))}
      onChange={v => { setTyped(''); onChange(v) }} />
  )
}

/** useDepartments are the departments in use as choices. */
export function useDepartmentChoices() {
  const q = useQuery({ queryKey: ['staff', 'department'], staleTime: 60_000, queryFn: ({ signal }) => call('GET /api/v1/departments', { signal }) })
  return { loading: q.isPending, options: (q.data?.items ?? []).filter(d => d.active).map(d => ({ value: d.id, label: d.name, pinyin: d.pinyin, code: [d.code, ...(d.codes ?? []).map(c => c.code)].join(' '), note: d.code })) }
}

/** useStaffChoices are the colleagues who can take work, as choices; absent ones say so. */
export function useStaffChoices(on = true) {
  const p = useText(part)
  const q = useColleagues(on)
  const departments = useDepartmentChoices()
  return { loading: q.isPending, options: (q.data?.items ?? []).map(x => ({ value: x.id, label: x.name, pinyin: x.pinyin, note: [p.posts[x.post] ?? x.post, departments.options.find(d => d.value === x.department_id)?.label].filter(Boolean).join(' · '), absent: x.absent })) }
}
