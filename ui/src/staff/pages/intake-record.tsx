import { Button, Input, Popconfirm, Select } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError, call } from '../../api/call'
import type {} from '../../api/contract/feed'
import type { RecordDetail } from '../../api/contract/intake'
import { useText } from '../../lib/i18n'
import { common } from '../../lib/text/common'
import { feed } from '../../lib/text/feed'
import { intake } from '../../lib/text/intake'
import { part } from '../../lib/text/part'
import { Facts, Failure, Masked, PageHeader, PageSkeleton, Panel, useFail, useUndo, When } from '../../lib/ui'
import { useSession } from '../session'
import { Field } from './followup-template/step'
import { Parts } from './intake/parts'
import { VerdictTag } from './intake/tally'
import { Compare, Reasons, type Evidence } from './part/compare'
import './part/form.css'
import './intake.css'

interface Read { name?: string; sex?: string; birth_date?: string; address?: string; telecoms?: { system: string; value: string; owner?: string }[]; identifiers?: { kind: string; issuer?: string; value: string }[] }

const mendable = ['name', 'sex', 'birth_date', 'mobile', 'phone', 'id_card', 'card', 'outpatient', 'inpatient', 'address'] as const

/** One record as received, as read, and beside the people it may mean (PT-02, PT-03). */
export default function RecordPage() {
  const t = useText(intake)
  const { id } = useParams({ strict: false }) as { id: string }
  const q = useQuery({ queryKey: ['intake', 'record', id], queryFn: ({ signal }) => call('GET /api/v1/intake/records/{id}', { path: { id }, signal }) })
  if (q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!q.data) return <PageSkeleton />
  return <Record key={id + q.data.attempts} x={q.data} t={t} />
}

function Record({ x: masked, t }: { x: RecordDetail; t: (typeof intake)['zh'] }) {
  const p = useText(part)
  const w = useText(feed)
  const [why, setWhy] = useState('')
  const c = useText(common)
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const { may } = useSession()
  const [clear, setClear] = useState<RecordDetail>()
  const x = clear ?? masked
  const reveal = may('patient.detail.reveal') ? async (reason: string) => { setClear(await call('POST /api/v1/intake/records/{id}/reveal', { path: { id: masked.id }, body: { reason } })); return { value: '', seconds: 30 } } : undefined
  const [changes, setChanges] = useState<Record<string, string>>({})
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState('')
  const read = x.record as Record<string, unknown>
  const person = (read.patient ?? {}) as Read
  const now = current(person)
  const open = (x.verdict === 'review' || x.verdict === 'rejected') && may('intake.record.repair')
  const act = async (name: string, run: () => Promise<unknown>, said: string) => {
    if (busy) return
    setBusy(name)
    try { await run(); undo(said); setChanges({}); await client.invalidateQueries({ queryKey: ['intake'] }) } catch (e) {
      if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message])))
      else fail(e)
    } finally { setBusy('') }
  }
  const decide = (patient: string | null) => act('decide', () => call('POST /api/v1/intake/records/{id}/decide', { path: { id: x.id }, body: { patient_id: patient } }), t.decided)
  const mended = Object.entries(changes).filter(([k, v]) => v !== (now[k] ?? '') && !(v === '' && now[k]?.includes('*')))
  return (
    <div className="page">
      <PageHeader title={`${t.record} ${x.ref || x.control_id}`} back={{ to: '/intake?view=review', label: t.back }} count={<><VerdictTag v={x.verdict} /> {x.type}</>}>
        {open && <Button loading={busy === 'rerun'} onClick={() => void act('rerun', () => call('POST /api/v1/intake/records/{id}/rerun', { path: { id: x.id } }), t.rerunDone)}>{t.rerun}</Button>}
        {open && <Popconfirm title={w.discard} description={<div className="stack"><span>{w.discardHint}</span><Input.TextArea aria-label={w.discardWhy} placeholder={w.discardWhy} maxLength={200} value={why} onChange={e => setWhy(e.target.value)} /></div>} okText={w.discard} cancelText={c.cancel} okButtonProps={{ disabled: !why.trim() }} onConfirm={() => void act('discard', () => call('POST /api/v1/intake/records/{id}/discard', { path: { id: x.id }, body: { reason: why } }), w.discarded)}><Button>{w.discard}</Button></Popconfirm>}
        {x.patient_id && <Link className="ant-btn-like" to="/patients/$id" params={{ id: x.patient_id }}>{t.goPatient}</Link>}
      </PageHeader>
      <div className="stack">
        <Panel><Facts items={[[t.because, x.reason || '—'], [t.matchedBy, x.key ? t.keys[x.key] ?? x.key : '—'], [t.control, x.control_id || '—'], [t.col.received, <><When at={x.received_at} time /> · {t.attempts(x.attempts)}</>]]} /></Panel>
        {(x.candidates.length > 0 || x.verdict === 'review') && <Panel title={t.candidates} note={t.candidatesNote} extra={open && <Popconfirm title={t.newSure(now['patient.name'] ?? '')} description={t.decideNote} okText={t.asNew} cancelText={c.cancel} onConfirm={() => void decide(null)}><Button size="small" loading={busy === 'decide'}>{t.asNew}</Button></Popconfirm>}>
          {x.candidates.length === 0 ? <p className="sub">{t.noCandidates}</p> : <Compare sides={[
            { key: 'in', mark: true, title: t.incoming, who: { name: now['patient.name'], sex: now['patient.sex'], birth_date: now['patient.birth_date'], phone: now['patient.mobile'] || now['patient.phone'] } },
            ...x.candidates.map(k => ({ key: k.id, who: k, title: <Link to="/patients/$id" params={{ id: k.id }}>{k.name}</Link>, foot: <div className="stack"><span className="sub">{p.bits(k.bits.toFixed(1))}</span>{Array.isArray(k.reasons) && <Reasons list={k.reasons as Evidence[]} />}{open && <Popconfirm title={t.chooseSure(now['patient.name'] ?? '', k.name)} description={t.decideNote} okText={t.choose} cancelText={c.cancel} onConfirm={() => void decide(k.id)}><Button type="primary" size="small">{t.choose}</Button></Popconfirm>}</div> })),
          ]} />}
        </Panel>}
        <div className="cols2">
          <Panel title={t.canonical}>
            <Facts items={facts(read, t, c.sexOf)} />
          </Panel>
          {open ? <Panel title={t.repair} note={t.repairHint} extra={<Button size="small" type="primary" disabled={mended.length === 0} title={mended.length === 0 ? t.repairedNone : undefined} loading={busy === 'repair'} onClick={() => void act('repair', () => call('POST /api/v1/intake/records/{id}/repair', { path: { id: x.id }, body: { changes: Object.fromEntries(mended) } }), t.repaired)}>{t.save}</Button>}>
            <div className="fields">{mendable.map(f => { const key = 'patient.' + f; return <Field key={f} label={t.fields[f] ?? f} fault={faults[key]}>{f === 'sex' ? <Select value={changes[key] ?? now[key] ?? ''} onChange={v => setChanges({ ...changes, [key]: v })} options={['male', 'female', 'other', 'unknown'].map(v => ({ value: v, label: c.sexOf[v] }))} /> : <Input value={changes[key] ?? (now[key]?.includes('*') ? '' : now[key] ?? '')} placeholder={now[key]} onChange={e => setChanges({ ...changes, [key]: e.target.value })} />}</Field> })}</div>
          </Panel> : <Panel><p className="sub">{t.settled}</p></Panel>}
        </div>
        {open && x.parts.length > 0 && <Parts key={clear ? 'clear' : 'hidden'} parts={x.parts} busy={busy === 'mend'} faults={faults} onSave={values => void act('mend', () => call('POST /api/v1/intake/records/{id}/mend', { path: { id: x.id }, body: { values } }), w.mended)} />}
        <Panel title={t.raw}>{clear ? <pre className="raw" tabIndex={0}>{clear.raw.replace(/\r\n?/g, '\n')}</pre> : <Masked value={t.rawHidden} field={t.rawWhole} reveal={reveal} />}</Panel>
      </div>
    </div>
  )
}

/** current is what was read, by the key under which it can be mended. */
function current(p: Read): Record<string, string> {
  const out: Record<string, string> = { 'patient.name': p.name ?? '', 'patient.sex': p.sex ?? '', 'patient.birth_date': p.birth_date ?? '', 'patient.address': p.address ?? '' }
  for (const x of p.telecoms ?? []) if (!x.owner || x.owner === 'self') out['patient.' + x.system] ??= x.value
  for (const x of p.identifiers ?? []) out['patient.' + x.kind] ??= x.value
  return out
}

type Line = [string, string]
/** facts writes a record as read: the person first, then whatever else it carries. */
function facts(r: Record<string, unknown>, t: (typeof intake)['zh'], sexOf: Record<string, string>): Line[] {
  const p = (r.patient ?? {}) as Read
  const out: Line[] = []
  const put = (k: string, v: unknown) => { if (v !== undefined && v !== null && v !== '') out.push([t.fields[k] ?? k, String(v)]) }
  put('name', p.name); put('sex', p.sex && (sexOf[p.sex] ?? p.sex)); put('birth_date', p.birth_date)
  for (const x of p.telecoms ?? []) put(x.system, x.value + (x.owner && x.owner !== 'self' ? ` (${x.owner})` : ''))
  for (const x of p.identifiers ?? []) put(x.kind, x.value)
  put('address', p.address)
  for (const [k, v] of Object.entries(r)) {
    if (['patient', 'ref', 'type', 'control_id', 'reason', 'problems'].includes(k) || v === null) continue
    if (Array.isArray(v)) v.forEach(one => out.push([t.parts[k] ?? k, flat(one)]))
    else if (typeof v === 'object') out.push([t.parts[k] ?? k, flat(v)])
    else if (k === 'event' || k === 'sender') out.push([t.parts[k] ?? k, String(v)])
  }
  return out
}
const flat = (v: unknown): string => (typeof v === 'object' && v !== null ? Object.values(v).filter(x => x !== '' && x !== null && x !== 0).map(flat).join(' · ') : String(v))
