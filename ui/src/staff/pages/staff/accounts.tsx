import { Button, Drawer, Dropdown, Input, Select } from 'antd'
import { MoreOutlined, PlusOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ApiError, call } from '../../../api/call'
import '../../../api/contract/admin'
import type { Colleague } from '../../../api/contract/lookup'
import { dayOf, now } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { useKeys } from '../../../lib/keys'
import { admin } from '../../../lib/text/admin'
import { common } from '../../../lib/text/common'
import { part } from '../../../lib/text/part'
import { DataTable, Empty, FilterBar, SearchBox, StatusTag, useFail, useUndo, When, type Column, type Tone } from '../../../lib/ui'
import { useUrl } from '../../../lib/url'
import { useSession } from '../../session'
import { Field } from '../followup-template/step'
import { midnight } from '../part/moment'
import { structure } from '../../../lib/text/structure'
import { Pick, useDepartmentChoices } from '../part/pick'
import { Handover } from './handover'

const tones: Record<Colleague['state'], Tone> = { active: 'ok', frozen: 'warn', left: 'idle' }

/** Accounts lists the staff; freezing and leaving are undone with one key. */
export function Accounts() {
  const t = useText(admin)
  const c = useText(common)
  const p = useText(part)
  const url = useUrl()
  const client = useQueryClient()
  const { may } = useSession()
  const fail = useFail()
  const undo = useUndo()
  const s = useText(structure)
  const [open, setOpen] = useState<Colleague | 'new'>()
  const [handing, setHanding] = useState<{ row: Colleague; kind: 'leave' | 'absence' }>()
  const [text, setText] = useState<string>()
  const query = { text, state: url.one('state'), cursor: url.one('cursor'), limit: url.one('limit') as number | undefined }
  const q = useQuery({ queryKey: ['staff', 'account', query], placeholderData: keepPreviousData, queryFn: ({ signal }) => call('GET /api/v1/staff', { query, signal }) })
  const edits = may('staff.account.update')
  const makes = may('staff.account.create')
  useKeys(c.keys.page, makes ? [{ key: 'n', label: t.create, run: () => setOpen('new') }] : [])
  const refresh = () => client.invalidateQueries({ queryKey: ['staff'] })
  const state = async (r: Colleague, to: string, said: string) => {
    try {
      await call('PATCH /api/v1/staff/{id}', { path: { id: r.id }, body: { version: r.version, state: to } })
      void refresh()
      undo(said, async () => { try { await call('PATCH /api/v1/staff/{id}', { path: { id: r.id }, body: { version: r.version + 1, state: r.state } }); void refresh() } catch (e) { fail(e) } })
    } catch (e) { fail(e); void refresh() }
  }
  const menu = (r: Colleague) => [
    ...(r.state === 'active' ? [{ key: 'freeze', label: t.freeze, onClick: () => void state(r, 'frozen', t.frozen(r.name)) }] : [{ key: 'back', label: t.unfreeze, onClick: () => void state(r, 'active', t.restored(r.name)) }]),
    { key: 'absence', label: s.hand.absence, onClick: () => setHanding({ row: r, kind: 'absence' as const }) },
    ...(r.state !== 'left' ? [{ key: 'left', danger: true, label: s.hand.leave, onClick: () => setHanding({ row: r, kind: 'leave' as const }) }] : []),
  ]
  const away = (r: Colleague) => !!r.absent_until && Date.parse(r.absent_until) > now()
  const columns = useMemo<Column<Colleague>[]>(() => [
    { key: 'name', title: t.col.name, fixedIn: true, render: (_, r) => <button className="link" onClick={() => setOpen(r)}><b>{r.name}</b></button> },
    { key: 'login', title: t.col.login, render: (_, r) => <span className="sub">{r.login}</span> },
    { key: 'post', title: t.col.post, render: (_, r) => p.posts[r.post] ?? r.post },
    { key: 'role', title: t.col.role, render: (_, r) => r.role?.name ?? '—' },
    { key: 'department', title: t.col.department, render: (_, r) => r.department?.name || '—' },
    { key: 'state', title: t.col.state, render: (_, r) => <><StatusTag tone={tones[r.state] ?? 'idle'}>{t.states[r.state] ?? r.state}</StatusTag> {away(r) && <StatusTag tone="wait">{t.absentUntil(dayOf(r.absent_until))}</StatusTag>}</> },
    { key: 'seen', title: t.col.seen, render: (_, r) => <When at={r.last_seen_at} time /> },
    ...(edits ? [{ key: 'acts', title: '', width: 44, fixedIn: true, render: (_: unknown, r: Colleague) => <Dropdown trigger={['click']} menu={{ items: menu(r) }}><Button type="text" size="small" aria-label={`${c.more} ${r.name}`} icon={<MoreOutlined />} /></Dropdown> }] : []),
    // eslint-disable-next-line react-hooks/exhaustive-deps
  ], [t, c, p, edits])
  return (
    <>
      <FilterBar dirty={!!text || !!query.state} onClear={() => { setText(undefined); url.set({ state: undefined }) }} tools={makes && <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t.create}</Button>}>
        <SearchBox value={text} onChange={v => { setText(v); url.set({}) }} placeholder={t.search} />
        <Select aria-label={t.col.state} className="statepick" allowClear placeholder={t.allStates} value={query.state} onChange={v => url.set({ state: v })} options={Object.entries(t.states).map(([value, label]) => ({ value, label }))} />
      </FilterBar>
      <DataTable id="staff.account" query={q} columns={columns} rowKey={r => r.id} onOpen={setOpen} label={t.views.accounts} empty={<Empty title={t.none} hint={t.noneHint} />}
        card={r => <button className="plain-card bare" onClick={() => setOpen(r)}><span className="row"><b>{r.name}</b><small className="sub">{p.posts[r.post] ?? r.post}</small><span className="grow" /><StatusTag tone={tones[r.state] ?? 'idle'}>{t.states[r.state] ?? r.state}</StatusTag></span><span className="sub">{r.role?.name} · {r.department?.name}</span></button>} />
      {handing && <Handover row={handing.row} kind={handing.kind} onClose={() => setHanding(undefined)} />}
      {open && <Account row={open === 'new' ? undefined : open} locked={open === 'new' ? !makes : !edits} onClose={() => setOpen(undefined)} onSaved={() => { setOpen(undefined); void refresh() }} />}
    </>
  )
}

function Account({ row, locked, onClose, onSaved }: { row?: Colleague; locked: boolean; onClose: () => void; onSaved: () => void }) {
  const t = useText(admin)
  const c = useText(common)
  const p = useText(part)
  const fail = useFail()
  const undo = useUndo()
  const { may } = useSession()
  const [v, setV] = useState({ login: row?.login ?? '', name: row?.name ?? '', post: row?.post ?? 'nurse', role_id: row?.role?.id ?? '', department_id: row?.department?.id ?? '', password: '' })
  const [away, setAway] = useState({ from: '', until: row?.absent_until ? dayOf(row.absent_until) : '' })
  const [password, setPassword] = useState('')
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const roles = useQuery({ queryKey: ['staff', 'role'], enabled: may('staff.role.list'), queryFn: ({ signal }) => call('GET /api/v1/roles', { signal }), staleTime: 60_000 })
  const departments = useDepartmentChoices()
  const set = (patch: Partial<typeof v>) => { setV({ ...v, ...patch }); setFaults({}) }
  const guarded = async (run: () => Promise<unknown>) => {
    setBusy(true)
    try { await run(); return true } catch (e) { if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message]))); else fail(e); return false } finally { setBusy(false) }
  }
  const save = async () => {
    const ok = await guarded(() => row
      ? call('PATCH /api/v1/staff/{id}', { path: { id: row.id }, body: { version: row.version, name: v.name.trim(), post: v.post, ...(v.role_id ? { role_id: v.role_id } : {}), ...(v.department_id ? { department_id: v.department_id } : {}), ...(away.until ? { absent_from: midnight(away.from || dayOf(now())), absent_until: midnight(away.until) } : {}) } })
      : call('POST /api/v1/staff', { body: { ...v, name: v.name.trim(), login: v.login.trim() } }))
    if (ok) { undo(row ? t.saved : t.created); onSaved() }
  }
  const change = async () => { if (row && await guarded(() => call('POST /api/v1/staff/{id}/password', { path: { id: row.id }, body: { password } }))) { setPassword(''); undo(t.passwordDone) } }
  return (
    <Drawer open onClose={onClose} size={460} title={row?.name ?? t.create} extra={!locked && <Button type="primary" loading={busy} disabled={!v.name.trim() || !v.role_id || (!row && (!v.login.trim() || v.password.length < 10))} onClick={() => void save()}>{c.save}</Button>}>
      <div className="stack">
        <Field label={t.col.name} need fault={faults.name}><Input autoFocus value={v.name} maxLength={40} disabled={locked} onChange={e => set({ name: e.target.value })} /></Field>
        <Field label={t.col.login} need fault={faults.login}><Input value={v.login} maxLength={40} autoComplete="off" disabled={locked || !!row} onChange={e => set({ login: e.target.value })} /></Field>
        {!row && <Field label={t.password} need hint={t.passwordHint} fault={faults.password}><Input.Password autoComplete="new-password" value={v.password} onChange={e => set({ password: e.target.value })} /></Field>}
        <Field label={t.col.post} fault={faults.post}><Select value={v.post} disabled={locked} onChange={post => set({ post })} options={Object.entries(p.posts).filter(([k]) => k !== 'owner').map(([value, label]) => ({ value, label }))} /></Field>
        <Field label={t.col.role} need fault={faults.role_id}><Select value={v.role_id || undefined} disabled={locked} onChange={role_id => set({ role_id })} options={(roles.data?.items.filter(r => r.active || r.id === row?.role?.id) ?? (row?.role ? [row.role] : [])).map(r => ({ value: r.id, label: r.name }))} /></Field>
        <Field label={t.col.department} fault={faults.department_id}><Pick label={t.col.department} value={v.department_id || undefined} disabled={locked} onChange={id => set({ department_id: id ?? '' })} loading={departments.loading} options={departments.options} /></Field>
        {row && !locked && <>
          <fieldset className="codes"><legend>{t.absent} <small className="sub">{t.absentHint}</small></legend><span className="row"><Input type="date" className="dateinput" aria-label={t.absentFrom} value={away.from} onChange={e => setAway({ ...away, from: e.target.value })} />–<Input type="date" className="dateinput" aria-label={t.absentTo} value={away.until} onChange={e => setAway({ ...away, until: e.target.value })} /></span>{faults.absent_until && <span className="fld-bad">{faults.absent_until}</span>}</fieldset>
          <fieldset className="codes"><legend>{t.newPassword} <small className="sub">{t.passwordHint}</small></legend><span className="row"><Input.Password className="kw" aria-label={t.newPassword} autoComplete="new-password" value={password} onChange={e => setPassword(e.target.value)} /><Button disabled={password.length < 10} onClick={() => void change()}>{t.newPassword}</Button></span>{faults.password && <span className="fld-bad">{faults.password}</span>}</fieldset>
        </>}
      </div>
    </Drawer>
  )
}
