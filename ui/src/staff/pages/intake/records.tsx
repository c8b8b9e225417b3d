import { Select } from 'antd'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { call } from '../../../api/call'
import type { RecordRow, Verdict } from '../../../api/contract/intake'
import { useText } from '../../../lib/i18n'
import { intake } from '../../../lib/text/intake'
import { DataTable, FilterBar, When, type Column } from '../../../lib/ui'
import { useUrl } from '../../../lib/url'
import { verdicts, VerdictTag } from './tally'

/** Records lists what came in, of one run, one feed or one verdict. */
export function Records({ verdict, run, empty }: { verdict?: Verdict; run?: string; empty?: ReactNode }) {
  const t = useText(intake)
  const url = useUrl()
  const navigate = useNavigate()
  const query = { run_id: run, feed_id: url.one('feed'), verdict: verdict ?? url.one('verdict'), cursor: url.one('cursor'), limit: url.one('limit') }
  const q = useQuery({ queryKey: ['intake', 'record', query], placeholderData: keepPreviousData, queryFn: ({ signal }) => call('GET /api/v1/intake/records', { query, signal }) })
  const columns = useMemo<Column<RecordRow>[]>(() => [
    { key: 'ref', title: t.col.ref, fixedIn: true, render: (_, r) => <Link to="/intake/records/$id" params={{ id: r.id }}><b>{r.ref || r.control_id || r.id}</b></Link> },
    { key: 'type', title: t.col.type, render: (_, r) => <>{r.type} {r.type.includes('^') && <small className="sub">{r.control_id}</small>}</> },
    { key: 'verdict', title: t.col.verdict, render: (_, r) => <VerdictTag v={r.verdict} /> },
    { key: 'reason', title: t.col.reason, width: 360, render: (_, r) => r.reason || <span className="sub">—</span> },
    { key: 'key', title: t.col.key, render: (_, r) => r.key ? t.keys[r.key] ?? r.key : <span className="sub">—</span> },
    { key: 'patient', title: t.col.patient, render: (_, r) => r.patient_id && <Link to="/patients/$id" params={{ id: r.patient_id }}>{t.goPatient}</Link> },
    { key: 'attempts', title: t.col.attempts, align: 'right', hidden: true, render: (_, r) => r.attempts },
    { key: 'received', title: t.col.received, render: (_, r) => <When at={r.received_at} time /> },
  ], [t])
  return (
    <>
      {!verdict && <FilterBar dirty={!!query.verdict} onClear={() => url.set({ verdict: undefined })}><Select className="kw" aria-label={t.col.verdict} placeholder={t.allVerdicts} allowClear value={query.verdict} onChange={v => url.set({ verdict: v })} options={verdicts.map(v => ({ value: v, label: t.verdicts[v] }))} /></FilterBar>}
      <DataTable id="intake.record" query={q} columns={columns} rowKey={r => r.id} onOpen={r => void navigate({ to: '/intake/records/$id', params: { id: r.id } })} label={t.records} empty={empty}
        card={r => <Link className="plain-card" to="/intake/records/$id" params={{ id: r.id }}><span className="row"><b>{r.ref || r.control_id}</b><small className="sub">{r.type}</small><span className="grow" /><VerdictTag v={r.verdict} /></span><span className="sub">{r.reason}</span></Link>} />
    </>
  )
}
