import { CheckCircleOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { call } from '../../../api/call'
import type { Duplicate, NewContact, NewIdentifier } from '../../../api/contract/patient'
import { ageOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { form } from '../../../lib/text/patient-form'
import { Panel, StatusTag } from '../../../lib/ui'
import { mobileOf, readDate, type Fields } from './rules'

/** contactsOf and identifiersOf are the filled lines as the server wants them. */
export const contactsOf = (f: Fields): NewContact[] => f.contacts.filter(x => x.value.trim()).map(x => ({ ...x, value: x.system === 'mobile' ? mobileOf(x.value) : x.value.trim() }))
export const identifiersOf = (f: Fields): NewIdentifier[] => [...(f.id_card.trim() ? [{ kind: 'id_card', issuer: '', value: f.id_card.trim().toUpperCase() }] : []), ...f.numbers.filter(x => x.value.trim()).map(x => ({ kind: x.kind, issuer: '', value: x.value.trim() }))]

/** useDuplicates asks while the form is being typed, after a third of a second of rest. */
export function useDuplicates(f: Fields, exclude?: string) {
  const [asked, setAsked] = useState(f)
  useEffect(() => { const h = window.setTimeout(() => setAsked(f), 330); return () => window.clearTimeout(h) }, [f])
  const body = { name: asked.name.trim() || undefined, sex: asked.sex || undefined, birth_date: (asked.birth_date && readDate(asked.birth_date)) || undefined, contacts: contactsOf(asked), identifiers: identifiersOf(asked), exclude_id: exclude }
  const enough = (body.name?.length ?? 0) >= 2 || body.contacts.some(x => x.value.length >= 7) || body.identifiers.some(x => x.value.length >= 5)
  const q = useQuery({ queryKey: ['patient', 'duplicates', body], enabled: enough, placeholderData: keepPreviousData, staleTime: 10_000, queryFn: ({ signal }) => call('POST /api/v1/patients/duplicates', { body, signal }) })
  return { enough, items: enough ? (q.data?.items ?? []) : [], outside: enough ? (q.data?.outside ?? 0) : 0 }
}

/** Duplicates stands beside the form, so that nobody learns of a double only after saving. */
export function Duplicates({ found }: { found: ReturnType<typeof useDuplicates> }) {
  const t = useText(form)
  const likely = found.items.filter(x => x.zone !== 'near').length
  return (
    <Panel title={t.dup.title} className={'dup' + (likely ? ' hot' : '')} extra={likely > 0 && <StatusTag tone="warn">{likely}</StatusTag>}>
      <div aria-live="polite">
        {!found.enough && <p className="sub">{t.dup.waiting}</p>}
        {found.enough && found.items.length === 0 && found.outside === 0 && <p className="sub"><CheckCircleOutlined /> {t.dup.none}</p>}
        {found.outside > 0 && <p className="lint bad">{t.dup.outside(found.outside)}</p>}
        <ul>{found.items.map(x => <Candidate key={x.id} x={x} />)}</ul>
      </div>
    </Panel>
  )
}

function Candidate({ x }: { x: Duplicate }) {
  const t = useText(form)
  const c = useText(common)
  const reasons = x.reasons.filter(r => t.dup.reason[r.field])
  return (
    <li className={x.zone}>
      <StatusTag tone={x.zone === 'auto' ? 'bad' : x.zone === 'review' ? 'warn' : 'plain'}>{t.dup.zones[x.zone] ?? x.zone}</StatusTag>
      <p><b>{x.name}</b> {c.sexOf[x.sex]} {ageOf(x.birth_date)} · {x.phone}</p>
      <p className="dup-why">{reasons.map(r => <span key={r.field + r.outcome} className={r.outcome === 'same' ? 'same' : r.outcome === 'differs' || r.outcome === 'veto' ? 'differs' : ''}>{t.dup.reason[r.field]}{t.dup.outcome[r.outcome] ?? ''}</span>)}</p>
      <Link to="/patients/$id" params={{ id: x.id }}>{t.dup.open} →</Link>
    </li>
  )
}
