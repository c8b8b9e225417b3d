import { Button, Input, InputNumber, Select, Steps } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError, call } from '../../api/call'
import type { PullDraft, PullInput } from '../../api/contract/feed'
import { useText } from '../../lib/i18n'
import { changedNames, feed } from '../../lib/text/feed'
import { Failure, PageHeader, PageSkeleton, Panel, StatusTag, useFail, useUndo } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { Field } from './followup-template/step'
import { Tally, VerdictTag } from './intake/tally'
import './part/form.css'
import './intake.css'

const empty: PullInput = { feed_id: '', driver: 'postgres', host: '', port: 0, database: '', account: '', password: '', encryption: 'off', name: '', view: '', key_column: '', changed_column: '', mapping: {}, date_order: '', issuer: 'HIS', every_minutes: 5, row_cap: 50_000, timeout_seconds: 30, version: 0 }

/** Connects a view of another database, or changes how one is read (IN-01). */
export default function PullPage() {
  const id = useUrl().one('feed')
  const q = useQuery({ queryKey: ['intake', 'pull', id], enabled: !!id, queryFn: ({ signal }) => call('GET /api/v1/intake/pulls/{id}', { path: { id: id! }, signal }) })
  if (id && q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (id && !q.data) return <PageSkeleton />
  return <Wizard key={id} start={q.data ? pick(q.data) : empty} />
}

const pick = (p: PullInput): PullInput => Object.fromEntries(Object.keys(empty).map(k => [k, p[k as keyof PullInput]])) as unknown as PullInput

function Wizard({ start }: { start: PullInput }) {
  const t = useText(feed)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const navigate = useNavigate()
  const drivers = useQuery({ queryKey: ['intake', 'driver'], queryFn: ({ signal }) => call('GET /api/v1/intake/drivers', { signal }) })
  const [x, setX] = useState(start)
  const [views, setViews] = useState<string[]>()
  const [draft, setDraft] = useState<PullDraft>()
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState('')
  const put = (patch: Partial<PullInput>) => { setX(o => ({ ...o, ...patch })); setFaults({}) }
  const change = (patch: Partial<PullInput>) => { put(patch); setViews(undefined); setDraft(undefined) }
  const run = async (name: string, fn: () => Promise<void>) => {
    setBusy(name)
    try { await fn(); setFaults({}) } catch (e) {
      if (e instanceof ApiError && e.fields.length > 0) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message])))
      else fail(e)
    } finally { setBusy('') }
  }
  const test = () => run('test', async () => { const { items } = await call('POST /api/v1/intake/pulls/views', { body: { feed_id: x.feed_id, driver: x.driver, host: x.host, port: x.port, database: x.database, account: x.account, password: x.password, encryption: x.encryption } }); setViews(items) })
  const read = () => run('read', async () => {
    const d = await call('POST /api/v1/intake/pulls/preview', { body: x })
    const mapping = Object.keys(x.mapping).length > 0 ? x.mapping : Object.fromEntries(d.columns.map(c => [c.name, c.field]))
    setDraft(d)
    setX(o => ({ ...o, mapping, key_column: o.key_column || d.columns[0]?.name || '', changed_column: o.changed_column || (o.feed_id ? '' : d.columns.find(c => c.moment && changedNames.test(c.name))?.name ?? '') }))
  })
  const save = () => run('save', async () => {
    const p = await call('POST /api/v1/intake/pulls', { body: x })
    undo(t.saved)
    await client.invalidateQueries({ queryKey: ['intake'] })
    void navigate({ to: '/intake/feeds/$id', params: { id: p.feed_id } })
  })
  const step = draft ? 2 : views ? 1 : 0
  const missing = drivers.data?.items.find(d => d.name === x.driver)?.present === false
  return (
    <div className="page">
      <PageHeader title={t.connect} back={{ to: '/intake', label: t.back }}>
        {step === 0 ? <Button type="primary" loading={busy === 'test'} disabled={!x.host || !x.account || missing} onClick={() => void test()}>{t.test}</Button>
          : step === 1 ? <Button type="primary" loading={busy === 'read'} disabled={!x.view} onClick={() => void read()}>{t.readView}</Button>
            : <Button type="primary" loading={busy === 'save'} disabled={!x.key_column || (!x.name && !x.feed_id)} onClick={() => void save()}>{t.save}</Button>}
      </PageHeader>
      <div className="stack">
        <Panel><Steps size="small" responsive={false} current={step === 2 ? 3 : step} items={t.steps.map(title => ({ title }))} /></Panel>
        <Panel title={t.steps[0]} note={t.readOnly}>
          <div className="fields">
            <Field label={t.driver} fault={faults.driver}><Select aria-label={t.driver} value={x.driver} onChange={driver => change({ driver, port: 0 })} options={(drivers.data?.items ?? []).map(d => ({ value: d.name, label: d.present ? engines[d.name] ?? d.name : `${engines[d.name] ?? d.name} · ${t.missing}` }))} /></Field>
            <Field label={t.host} need fault={faults.host}><Input value={x.host} onChange={e => change({ host: e.target.value.trim() })} /></Field>
            <Field label={t.port} fault={faults.port}><InputNumber className="full" min={0} max={65535} precision={0} value={x.port || null} placeholder={String(drivers.data?.items.find(d => d.name === x.driver)?.port ?? '')} onChange={port => change({ port: port ?? 0 })} /></Field>
            <Field label={t.database} fault={faults.database}><Input value={x.database} onChange={e => change({ database: e.target.value.trim() })} /></Field>
            <Field label={t.account} need fault={faults.account}><Input autoComplete="off" value={x.account} onChange={e => change({ account: e.target.value.trim() })} /></Field>
            <Field label={t.password} need={!x.feed_id} hint={x.feed_id ? t.passwordKept : undefined} fault={faults.password}><Input.Password autoComplete="new-password" value={x.password} onChange={e => change({ password: e.target.value })} /></Field>
            <Field label={t.encryption} fault={faults.encryption}><Select aria-label={t.encryption} value={x.encryption} onChange={encryption => change({ encryption })} options={Object.entries(t.encryptions).map(([value, label]) => ({ value, label }))} /></Field>
          </div>
          {missing && <p className="soon">{t.missingHint}</p>}
        </Panel>
        {views && <Panel title={t.steps[1]} note={t.viewHint} extra={<StatusTag tone="ok">{t.connected(views.length)}</StatusTag>}>
          <Field label={t.view} need fault={faults.view}><Select aria-label={t.view} showSearch value={x.view || undefined} placeholder={t.pickView} onChange={view => { put({ view, mapping: {}, key_column: '', changed_column: '' }); setDraft(undefined) }} options={views.map(v => ({ value: v, label: v }))} /></Field>
        </Panel>}
        {draft && <>
          <Panel title={t.steps[2]} extra={<Button size="small" loading={busy === 'read'} onClick={() => void read()}>{t.readView}</Button>}>
            <div className="map-head" aria-hidden="true"><span>{t.column}</span><span>{t.samples}</span><span>{t.field}</span></div>
            <ul className="map">{draft.columns.map(c => <li key={c.name}><b>{c.name} <small className="sub">{c.type}</small></b><span className="sub samples">{c.samples.slice(0, 3).join(' · ')}</span>
              <Select className="map-pick" aria-label={`${t.field} ${c.name}`} showSearch={{ optionFilterProp: 'label' }} value={x.mapping[c.name] ?? ''} onChange={v => put({ mapping: { ...x.mapping, [c.name]: v } })} options={[{ value: '', label: t.ignore }, ...draft.fields.map(f => ({ value: f.code, label: f.label }))]} /></li>)}</ul>
          </Panel>
          <Panel title={t.preview}>
            <Tally counts={draft.counts} />
            <table className="plain"><thead><tr><th>{t.ref}</th><th>{t.name}</th><th>{t.verdict}</th><th>{t.reason}</th></tr></thead>
              <tbody>{draft.rows.slice(0, 10).map(r => <tr key={r.ref}><td>{r.ref}</td><td>{r.name || '—'}</td><td><VerdictTag v={r.verdict} /></td><td>{r.reason || '—'}</td></tr>)}</tbody></table>
          </Panel>
          <Panel title={t.steps[3]}>
            <div className="fields">
              {!x.feed_id && <Field label={t.feedName} need fault={faults.name}><Input value={x.name} maxLength={100} onChange={e => put({ name: e.target.value })} /></Field>}
              <Field label={t.key} need hint={t.keyHint} fault={faults.key_column}><Select aria-label={t.key} showSearch value={x.key_column} onChange={key_column => put({ key_column })} options={draft.columns.map(c => ({ value: c.name, label: c.name }))} /></Field>
              <Field label={t.changed} hint={t.changedHint} fault={faults.changed_column}><Select aria-label={t.changed} showSearch value={x.changed_column} onChange={changed_column => put({ changed_column })} options={[{ value: '', label: t.whole }, ...draft.columns.map(c => ({ value: c.name, label: c.name }))]} /></Field>
              <Field label={t.issuer} hint={t.issuerHint}><Input value={x.issuer} onChange={e => put({ issuer: e.target.value })} /></Field>
              <Field label={t.every} fault={faults.every_minutes}><InputNumber className="full" min={1} max={10080} precision={0} value={x.every_minutes} onChange={v => put({ every_minutes: v ?? 5 })} /></Field>
              <Field label={t.cap} fault={faults.row_cap}><InputNumber className="full" min={50} max={200000} precision={0} value={x.row_cap} onChange={v => put({ row_cap: v ?? 50_000 })} /></Field>
              <Field label={t.timeout} fault={faults.timeout_seconds}><InputNumber className="full" min={1} max={600} precision={0} value={x.timeout_seconds} onChange={v => put({ timeout_seconds: v ?? 30 })} /></Field>
            </div>
          </Panel>
        </>}
      </div>
    </div>
  )
}

const engines: Record<string, string> = { postgres: 'PostgreSQL', mysql: 'MySQL / MariaDB', sqlserver: 'SQL Server', oracle: 'Oracle' }
