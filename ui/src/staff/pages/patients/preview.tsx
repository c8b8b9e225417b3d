import { Button, Skeleton } from 'antd'
import { AlertFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { call } from '../../../api/call'
import '../../../api/contract/timeline'
import type { PatientRow } from '../../../api/contract/patient'
import { ageOf, yuan } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { patients } from '../../../lib/text/patients'
import { Due, Facts, Failure, Initial, State, Tag, When } from '../../../lib/ui'

/** Preview shows the row under the cursor after a short rest, so that walking down the list asks nothing. */
export function Preview({ row }: { row?: PatientRow }) {
  const t = useText(patients)
  const c = useText(common)
  const [id, setId] = useState(row?.id)
  useEffect(() => {
    const h = window.setTimeout(() => setId(row?.id), 160)
    return () => window.clearTimeout(h)
  }, [row?.id])
  const q = useQuery({ queryKey: ['patient', id, 'overview'], enabled: !!id, queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/overview', { path: { id: id! }, signal }) })
  if (!row) return <aside className="preview panel" aria-label={t.preview.title}><State title={t.preview.none} /></aside>
  const o = q.data && id === row.id ? q.data : undefined
  return (
    <aside className="preview panel" aria-label={t.preview.title}>
      <header><Initial name={row.name} size={44} /><div><h2>{row.name}</h2><p className="sub">{c.sexOf[row.sex]} {ageOf(row.birth_date)} · {row.phone}</p></div></header>
      <div>{row.tags.map(x => <Tag key={x}>{x}</Tag>)}</div>
      {q.error && <Failure error={q.error} />}
      {!o && !q.error && <Skeleton active title={false} paragraph={{ rows: 6 }} />}
      {o && <>
        {(o.open_flags > 0 || o.alerts.length > 0) && <ul className="pv-alert">{o.open_flags > 0 && <li><AlertFilled aria-hidden="true" /> {t.preview.flags(o.open_flags)}</li>}{o.alerts.map(a => <li key={a.kind + a.text}>{a.text}</li>)}</ul>}
        <Facts items={[
          [t.preview.next, o.next_action ? <><Due date={o.next_action.due_at} /> {o.next_action.title}</> : t.preview.nothing],
          [t.preview.last, o.last_encounter ? <><When at={o.last_encounter.started_at} /> {o.last_encounter.department} {o.last_encounter.doctor}</> : '—'],
          [t.preview.plans, o.plans.length ? o.plans.map(p => <div key={p.id}>{p.name} <span className="sub">{t.preview.progress(p.done, p.total)}</span></div>) : '—'],
          ...(o.spend_total_fen === null ? [] : [[t.preview.spend, yuan(o.spend_total_fen)] as [string, string]]),
        ]} />
      </>}
      <Link to="/patients/$id" params={{ id: row.id }}><Button block tabIndex={-1}>{t.preview.open}<kbd>Enter</kbd></Button></Link>
    </aside>
  )
}
