import { Button, Input, Popconfirm, Select } from 'antd'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { call } from '../../../api/call'
import type {} from '../../../api/contract/feed'
import type { RecordRow, Verdict } from '../../../api/contract/intake'
import { useText } from '../../../lib/i18n'
import { intake } from '../../../lib/text/intake'
import { common } from '../../../lib/text/common'
import { feed } from '../../../lib/text/feed'
import { count } from '../../../lib/format'
import { DataTable, FilterBar, useFail, useUndo, When, type Column } from '../../../lib/ui'
import { useSession } from '../../session'
import { useUrl } from '../../../lib/url'
import { verdicts, VerdictTag } from './tally'

/** Records lists what came in, of one run, one feed or one verdict. */
export function Records({ verdict, run, empty }: { verdict?: Verdict; run?: string; empty?: ReactNode }) {
  const t = useText(intake)
  const url = useUrl()
  const navigate = useNavigate()
  const query = { run_id: run, feed_id: url.one('feed'), verdict: verdict ?? url.one('verdict'), code: url.one('code'), cursor: url.one('cursor'), limit: url.one('limit') }
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
      {verdict && (verdict === 'review' || verdict === 'rejected') && <Sweeps verdict={verdict} feedID={query.feed_id} code={query.code} onCode={code => url.set({ code })} />}
      {!verdict && <FilterBar dirty={!!query.verdict} onClear={() => url.set({ verdict: undefined })}><Select className="kw" aria-label={t.col.verdict} placeholder={t.allVerdicts} allowClear value={query.verdict} onChange={v => url.set({ verdict: v })} options={verdicts.map(v => ({ value: v, label: t.verdicts[v] }))} /></FilterBar>}
      <DataTable id="intake.record" query={q} columns={columns} rowKey={r => r.id} onOpen={r => void navigate({ to: '/intake/records/$id', params: { id: r.id } })} label={t.records} empty={empty}
        card={r => <Link className="plain-card" to="/intake/records/$id" params={{ id: r.id }}><span className="row"><b>{r.ref || r.control_id}</b><small className="sub">{r.type}</small><span className="grow" /><VerdictTag v={r.verdict} /></span><span className="sub">{r.reason}</span></Link>} />
    </>
  )
}

/** Sweeps narrows open records to one reason and settles all of them: judged again, or put aside. */
function Sweeps({ verdict, feedID, code, onCode }: { verdict: Verdict; feedID?: string; code?: string; onCode: (code: string | undefined) => void }) {
  const t = useText(feed)
  const c = useText(common)
  const { may } = useSession()
  const fail = useFail()
  const undo = useUndo()
  const [why, setWhy] = useState('')
  const q = useQuery({ queryKey: ['intake', 'reason', verdict, feedID], queryFn: ({ signal }) => call('GET /api/v1/intake/reasons', { query: { verdict, feed_id: feedID }, signal }) })
  const list = q.data?.items ?? []
  const n = list.filter(r => !code || r.code === code).reduce((sum, r) => sum + r.n, 0)
  if (list.length === 0) return null
  const body = { verdict, feed_id: feedID, code }
  const act = async (run: () => Promise<unknown>) => { try { await run(); undo(t.swept) } catch (e) { fail(e) } }
  return (
    <FilterBar dirty={!!code} onClear={() => onCode(undefined)} tools={may('intake.record.repair') && <>
      <Popconfirm title={t.replaySure} okText={t.replayOf(count(n))} cancelText={c.cancel} onConfirm={() => void act(() => call('POST /api/v1/intake/replay', { body }))}><Button>{t.replay}</Button></Popconfirm>
      <Popconfirm title={t.discardMany} description={<div className="stack"><span>{t.discardHint}</span><Input.TextArea aria-label={t.discardWhy} placeholder={t.discardWhy} maxLength={200} value={why} onChange={e => setWhy(e.target.value)} /></div>} okText={t.discardMany} cancelText={c.cancel} okButtonProps={{ disabled: !why.trim() }} onConfirm={() => void act(() => call('POST /api/v1/intake/discard', { body: { ...body, reason: why } }))}><Button>{t.discardMany}</Button></Popconfirm>
    </>}>
      <Select className="kw" aria-label={t.byReason} placeholder={t.allReasons} allowClear value={code} onChange={onCode} options={list.filter(r => r.code).map(r => ({ value: r.code, label: t.reasonN(r.text, count(r.n)) }))} />
    </FilterBar>
  )
}
