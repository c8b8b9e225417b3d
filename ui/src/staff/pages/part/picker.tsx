import { Select, Spin } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ageOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { part } from '../../../lib/text/part'
import { findPeople, type Found } from '../../people'
import { Name, Why } from './why'

interface Props { value?: string; onChange: (id: string | undefined, who?: Found) => void; label: string; autoFocus?: boolean; className?: string; status?: 'error'; known?: { id: string; name: string } }

/** PatientPicker finds one patient by characters, pinyin, initials or phone tail. Nothing typed reaches the address bar. */
export function PatientPicker({ value, onChange, label, autoFocus, className = 'full', status, known }: Props) {
  const t = useText(part)
  const c = useText(common)
  const [typed, setTyped] = useState('')
  const [text, setText] = useState('')
  const chosen = useRef<Found | undefined>(known)
  useEffect(() => { const h = window.setTimeout(() => setText(typed.trim()), 150); return () => window.clearTimeout(h) }, [typed])
  const q = useQuery({ queryKey: ['patient', 'pick', text], enabled: text.length > 0, placeholderData: keepPreviousData, queryFn: ({ signal }) => findPeople(text, 12, signal) })
  const people = text ? q.data ?? [] : []
  const listed = value && chosen.current?.id === value && !people.some(p => p.id === value) ? [chosen.current, ...people] : people
  const say = (p: Found) => [p.sex && c.sexOf[p.sex], p.birth_date && ageOf(p.birth_date), p.phone, p.note].filter(Boolean).join(' · ')
  return (
    <Select
      className={className} aria-label={label} placeholder={t.pick} value={value} autoFocus={autoFocus} status={status} allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={q.isFetching ? <Spin size="small" /> : text ? t.pickNone : t.pickHint}
      optionLabelProp="name"
      options={listed.map(p => ({ value: p.id, name: p.name, label: <span className="pick-row"><b><Name name={p.name} matches={p.why} /></b> <small className="sub">{say(p)}</small><Why matches={p.why} /></span> }))}
      onChange={id => { chosen.current = people.find(p => p.id === id); onChange(id, chosen.current); setTyped('') }}
    />
  )
}
