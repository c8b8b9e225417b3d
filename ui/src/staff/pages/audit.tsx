import { Alert, AutoComplete, Button, Input, Select } from 'antd'
import { SafetyCertificateOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { call } from '../../api/call'
import type { AuditEntry } from '../../api/contract/admin'
import { addDays, count } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { audit } from '../../lib/text/audit'
import { part } from '../../lib/text/part'
import { DataTable, Empty, Facts, FilterBar, PageHeader, StatusTag, Total, useFail, When, type Column } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { midnight } from './part/moment'
import { PatientPicker } from './part/picker'
import './part/form.css'

const known = ['patient.detail.reveal', 'patient.patient.export', 'patient.patient.merge', 'patient.patient.update', 'setting.setting.update', 'staff.account.update', 'staff.role.update', 'followup.template.activate', 'message.message.send', 'intake.upload.apply', 'session.sign_in']

/** Audit reads the sealed trail and walks its chain. The filters go in a body: they may name people. */
export default function Audit() {
  const t = useText(audit)
  const p = useText(part)
  const url = useUrl()
  const fail = useFail()
  const { may } = useSession()
  const [patient, setPatient] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [verdict, setVerdict] = useState<{ entries: number; ok: boolean; broken_seq: number }>()
  const from = url.one('from')
  const to = url.one('to')
  const body = { ...(from ? { from: midnight(from) } : {}), ...(to ? { to: midnight(addDays(to, 1)) } : {}), ...(url.one('actor') ? { actor_id: url.one('actor') } : {}), ...(url.one('action') ? { action: url.one('action') } : {}), ...(patient ? { patient_id: patient } : {}), ...(url.one('cursor') ? { cursor: url.one('cursor') } : {}), limit: Number(url.one('limit') ?? 50) }
  const q = useQuery({ queryKey: ['audit', body], placeholderData: keepPreviousData, queryFn: ({ signal }) => call('POST /api/v1/audit/search', { body, signal }) })
  const people = useQuery({ queryKey: ['staff', 'colleague'], staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/colleagues', { signal }) })
  const verify = async () => { setBusy(true); setVerdict(undefined); try { setVerdict(await call('POST /api/v1/audit/verify')) } catch (e) { fail(e) } finally { setBusy(false) } }
  const columns = useMemo<Column<AuditEntry>[]>(() => [
    { key: 'seq', title: t.col.seq, align: 'right', render: (_, r) => r.seq ? count(r.seq) : '—' },
    { key: 'at', title: t.col.at, fixedIn: true, render: (_, r) => <When at={r.at} time /> },
    { key: 'actor', title: t.col.actor, render: (_, r) => r.actor },
    { key: 'action', title: t.col.action, render: (_, r) => t.actions[r.action] ? <span title={r.action}>{t.actions[r.action]}</span> : <code>{r.action}</code> },
    { key: 'entity', title: t.col.entity, render: (_, r) => r.entity },
    { key: 'patient', title: t.col.patient, render: (_, r) => r.patient ? <Link to="/patients/$id" params={{ id: r.patient.id }}>{r.patient.name || r.patient.id}</Link> : <span className="sub">—</span> },
    { key: 'reason', title: t.col.reason, width: 240, render: (_, r) => r.reason || <span className="sub">—</span> },
    { key: 'sealed', title: t.col.sealed, render: (_, r) => <StatusTag tone={r.sealed ? 'ok' : 'wait'}>{r.sealed ? t.sealed : t.unsealed}</StatusTag> },
  ], [t])
  const dirty = !!(from || to || url.one('actor') || url.one('action') || patient)
  return (
    <div className="page">
      <PageHeader title={t.title} count={<Total query={q} words={n => n} />}>{may('audit.chain.read') && <Button icon={<SafetyCertificateOutlined />} loading={busy} onClick={() => void verify()}>{busy ? t.verifying : t.verify}</Button>}</PageHeader>
      <p className="sub">{t.hint}</p>
      {verdict && <Alert className="restored" type={verdict.ok ? 'success' : 'error'} showIcon closable onClose={() => setVerdict(undefined)} title={verdict.ok ? t.ok(count(verdict.entries)) : t.broken(count(verdict.entries), count(verdict.broken_seq))} />}
      <FilterBar dirty={dirty} onClear={() => { setPatient(undefined); url.set({ from: undefined, to: undefined, actor: undefined, action: undefined }) }}>
        <label className="row">{t.from}<Input type="date" className="dateinput" value={from ?? ''} max={to} onChange={e => url.set({ from: e.target.value })} /></label>
        <label className="row">{t.to}<Input type="date" className="dateinput" value={to ?? ''} min={from} onChange={e => url.set({ to: e.target.value })} /></label>
        <Select className="auditpick" aria-label={t.actor} placeholder={t.actor} allowClear showSearch={{ optionFilterProp: 'label' }} value={url.one('actor')} onChange={v => url.set({ actor: v })} options={(people.data?.items ?? []).map(x => ({ value: x.id, label: `${x.name} · ${p.posts[x.post] ?? x.post}` }))} />
        <AutoComplete className="auditpick" aria-label={t.action} placeholder={t.actionHint} allowClear defaultValue={url.one('action')} onSelect={(v: string) => url.set({ action: v })} onClear={() => url.set({ action: undefined })} onBlur={e => { const v = (e.target as HTMLInputElement).value.trim(); if (v !== (url.one('action') ?? '')) url.set({ action: v }) }} options={known.map(value => ({ value, label: [t.actions[value], value].filter(Boolean).join(' · ') }))} popupMatchSelectWidth={false} />
        <PatientPicker className="kw" label={t.patient} value={patient} onChange={id => { setPatient(id); url.set({}) }} />
      </FilterBar>
      <DataTable id="audit" query={q} columns={columns} rowKey={r => r.hash || `${r.seq}-${r.at}-${r.action}-${r.request_id}`} label={t.title} empty={<Empty title={t.none} hint={t.noneHint} />}
        expand={r => <Facts items={[[t.detail, <pre className="raw" key="d">{pretty(r.detail) || t.noDetail}</pre>], [t.door, t.doors[r.door] ?? r.door], [t.request, r.request_id || '—']]} />}
        card={r => <div className="plain-card"><span className="row"><b>{r.actor}</b><span className="grow" /><small className="sub"><When at={r.at} time /></small></span><code>{r.action}</code><span className="sub">{[r.patient?.name, r.reason].filter(Boolean).join(' · ')}</span></div>} />
    </div>
  )
}

function pretty(detail: string): string {
  if (!detail) return ''
  try { return JSON.stringify(JSON.parse(detail), null, 2) } catch { return detail }
}
