import { Alert, Button, Checkbox, Input, InputNumber, Segmented, Switch } from 'antd'
import { EyeOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ApiError, call } from '../../../api/call'
import type { PermissionRow, Role, RoleInput } from '../../../api/contract/admin'
import { useDraft } from '../../../lib/draft'
import { useText } from '../../../lib/i18n'
import { useKeys } from '../../../lib/keys'
import { admin } from '../../../lib/text/admin'
import { common } from '../../../lib/text/common'
import { part } from '../../../lib/text/part'
import { template } from '../../../lib/text/template'
import { Failure, Kbd, PageSkeleton, Panel, State, StatusTag, useFail, useUndo } from '../../../lib/ui'
import { useUrl } from '../../../lib/url'
import { useSession } from '../../session'
import { Field } from '../followup-template/step'
import { structure } from '../../../lib/text/structure'
import { Guard, Restored } from '../part/guard'
import { PickMany } from '../part/pick'

/** Roles edits what a kind of work may do and whose data it sees, and lets one look through it. */
export default function Roles() {
  const t = useText(admin)
  const inactive = useText(structure)
  const url = useUrl()
  const { may } = useSession()
  const q = useQuery({ queryKey: ['staff', 'role'], queryFn: ({ signal }) => call('GET /api/v1/roles', { signal }) })
  const permissions = useQuery({ queryKey: ['staff', 'permission'], staleTime: Infinity, queryFn: ({ signal }) => call('GET /api/v1/permissions', { signal }) })
  const edits = may('staff.role.update')
  if ((q.error && !q.data) || (permissions.error && !permissions.data)) return <Panel><Failure error={q.error ?? permissions.error} retry={() => { void q.refetch(); void permissions.refetch() }} /></Panel>
  if (!q.data || !permissions.data) return <PageSkeleton />
  const chosen = url.one('role') ?? q.data.items[0]?.id
  const row = q.data.items.find(r => r.id === chosen)
  const from = url.one('from')
  return (
    <div className="roles">
      <section className="panel role-list" aria-label={t.views.roles}>
        <ul>{q.data.items.map(r => <li key={r.id}><button className={r.id === chosen ? 'on' : ''} aria-current={r.id === chosen ? 'true' : undefined} onClick={() => url.set({ role: r.id, from: undefined })}><b>{r.name}{r.active ? '' : ` (${inactive.role.inactive})`}</b><small className="sub">{t.role.reaches[r.reach]}{r.days ? ` · ${t.role.days} ${r.days}` : ''} · {t.role.staffN(r.staff)}</small></button></li>)}</ul>
        {edits && <Button block icon={<PlusOutlined />} onClick={() => url.set({ role: 'new', from: undefined })}>{t.role.create}</Button>}
      </section>
      {row || chosen === 'new'
        ? <Editor key={chosen + (from ?? '') + (row?.version ?? '')} row={row} from={q.data.items.find(r => r.id === from)} permissions={permissions.data.items} locked={!edits} />
        : <Panel><State title={q.data.items.length ? t.role.choose : t.role.none} /></Panel>}
    </div>
  )
}

const inputOf = (r: Role): RoleInput => ({ name: r.name, permissions: r.permissions ?? [], reach: r.reach, days: r.days, read_only: r.read_only, unassigned: r.unassigned, keys: r.keys ?? [], active: r.active })

function Editor({ row, from, permissions, locked }: { row?: Role; from?: Role; permissions: PermissionRow[]; locked: boolean }) {
  const t = useText(admin)
  const c = useText(common)
  const p = useText(part)
  const tt = useText(template)
  const st = useText(structure)
  const url = useUrl()
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const { may } = useSession()
  const draft = useDraft<RoleInput>('staff.role.' + (row?.id ?? 'new'))
  const stored = useMemo<RoleInput>(() => row ? inputOf(row) : from ? { ...inputOf(from), name: tt.copyOf(from.name) } : { name: '', permissions: [], reach: 'own', days: 0, read_only: false, unassigned: false, keys: [], active: true }, [row, from, tt])
  const back = locked ? undefined : draft.restored
  const [v, setV] = useState(back?.value ?? stored)
  const [dirty, setDirty] = useState(!!back)
  const [seen, setSeen] = useState(!!back)
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [stale, setStale] = useState(false)
  const [busy, setBusy] = useState(false)
  const change = (patch: Partial<RoleInput>) => { const next = { ...v, ...patch }; setV(next); setDirty(true); setFaults({}); draft.keep(next) }
  const save = async () => {
    if (busy || !v.name.trim()) return
    setBusy(true)
    try {
      if (row) await call('PATCH /api/v1/roles/{id}', { path: { id: row.id }, body: { ...v, name: v.name.trim(), version: row.version } })
      const id = row ? row.id : (await call('POST /api/v1/roles', { body: { ...v, name: v.name.trim() } })).id
      draft.drop(); setDirty(false); setSeen(false)
      undo(t.role.saved)
      await client.invalidateQueries({ queryKey: ['staff', 'role'] })
      void client.invalidateQueries({ queryKey: ['session'] })
      if (!row) url.set({ role: id, from: undefined })
    } catch (e) {
      if (e instanceof ApiError && e.problem.key === 'db.version.conflict') setStale(true)
      else if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message])))
      else fail(e)
    } finally { setBusy(false) }
  }
  const look = async () => { if (!row) return; try { await call('POST /api/v1/session/view-as', { body: { role_id: row.id } }); location.assign('/') } catch (e) { fail(e) } }
  useKeys(c.keys.page, locked ? [] : [{ key: 'ctrl+s', label: c.save, anywhere: true, run: () => void save() }])
  const held = v.read_only ? v.permissions.filter(x => !permissions.find(y => y.permission === x)?.writes) : v.permissions
  return (
    <div className="stack">
      {back && seen && <Restored at={back.at} onDrop={() => { draft.drop(); setV(stored); setDirty(false); setSeen(false) }} />}
      {stale && <Alert type="warning" showIcon title={p.conflict} action={<Button size="small" onClick={() => { draft.drop(); void client.invalidateQueries({ queryKey: ['staff', 'role'] }) }}>{p.reload}</Button>} />}
      <Panel title={v.name || t.role.newName} note={row && t.role.staffN(row.staff)} extra={<span className="row">
        {dirty && <StatusTag tone="warn">{c.unsaved}</StatusTag>}
        {row && !locked && <Button size="small" onClick={() => url.set({ role: 'new', from: row.id })}>{t.role.copy}</Button>}
        {row && may('staff.role.preview') && <Button size="small" icon={<EyeOutlined />} disabled={dirty} title={dirty ? t.role.viewAsDirty : t.role.viewAsHint} onClick={() => void look()}>{t.role.viewAs}</Button>}
        {!locked && <Button size="small" type="primary" loading={busy} disabled={!v.name.trim() || !dirty} onClick={() => void save()}>{c.save} <Kbd k="ctrl+s" /></Button>}
      </span>}>
        <p className="role-say" aria-live="polite">{t.role.sentence(t.role.reaches[v.reach] ?? v.reach, v.days, v.read_only, held.length)}</p>
        <div className="fields">
          <Field label={t.role.name} need fault={faults.name}><Input value={v.name} maxLength={40} disabled={locked} onChange={e => change({ name: e.target.value })} /></Field>
          <Field label={t.role.days} hint={t.role.daysHint} fault={faults.days}><InputNumber className="full" min={0} max={3650} precision={0} value={v.days} disabled={locked} onChange={n => change({ days: Number(n ?? 0) })} /></Field>
          <div className="fld fld-wide" role="group" aria-label={t.role.reach}><span className="fld-label">{t.role.reach}</span><Segmented value={v.reach} disabled={locked} onChange={x => change({ reach: String(x) })} options={['own', 'department', 'division', 'site', 'all'].map(k => ({ value: k, label: t.role.reaches[k] }))} /></div>
          <label className="row fld-wide"><Switch size="small" checked={v.read_only} disabled={locked} onChange={read_only => change({ read_only })} aria-label={t.role.readOnly} />{t.role.readOnly}</label>
          {v.reach !== 'all' && <Field label={st.role.keys} hint={st.role.keysHint}><PickMany label={st.role.keys} value={v.keys ?? []} onChange={keys => change({ keys })} options={['owner', 'attending', 'nurse', 'consultant', 'referrer', 'unit', 'doctor', 'followup', 'encounter', 'appointment'].map(k => ({ value: k, label: st.access.roles[k] ?? k }))} /></Field>}
          {row && <label className="row fld-wide"><Switch size="small" checked={v.active !== false} disabled={locked} onChange={active => change({ active })} aria-label={st.role.on} />{v.active !== false ? st.role.on : st.role.inactive} <small className="sub">{st.role.offHint}</small></label>}
          <label className="row fld-wide"><Switch size="small" checked={v.unassigned} disabled={locked} onChange={unassigned => change({ unassigned })} aria-label={t.role.unassigned} />{t.role.unassigned}</label>
        </div>
      </Panel>
      <Matrix permissions={permissions} held={v.permissions} readOnly={v.read_only} locked={locked} onChange={list => change({ permissions: list })} />
      <Guard when={dirty} />
    </div>
  )
}

function Matrix({ permissions, held, readOnly, locked, onChange }: { permissions: PermissionRow[]; held: string[]; readOnly: boolean; locked: boolean; onChange: (list: string[]) => void }) {
  const t = useText(admin)
  const [text, setText] = useState('')
  const has = new Set(held)
  const toggle = (list: string[], on: boolean) => onChange(on ? [...new Set([...held, ...list])] : held.filter(x => !list.includes(x)))
  const wanted = text.trim().toLowerCase()
  const shown = permissions.filter(p => !wanted || (p.name + p.permission + (t.rooms[p.room] ?? '')).toLowerCase().includes(wanted))
  const rooms = [...new Set(shown.map(p => p.room))]
  const box = (p: PermissionRow) => <Checkbox key={p.permission} checked={has.has(p.permission)} disabled={locked || (readOnly && p.writes)} onChange={e => toggle([p.permission], e.target.checked)}><span title={p.permission}>{p.name.startsWith('permission.') ? p.permission.split('.').slice(1).join(' ') : p.name}</span></Checkbox>
  return (
    <Panel title={t.role.matrix} extra={<Input size="small" allowClear aria-label={t.role.search} placeholder={t.role.search} value={text} onChange={e => setText(e.target.value)} />}>
      {readOnly && <p className="soon">{t.role.lockedWrites}</p>}
      <div className="matrix" role="table" aria-label={t.role.matrix}>
        <div className="matrix-row matrix-head" role="row"><span role="columnheader" /><span role="columnheader">{t.role.reads}</span><span role="columnheader">{t.role.writes}</span></div>
        {rooms.map(room => {
          const mine = shown.filter(p => p.room === room)
          const free = mine.filter(p => !(readOnly && p.writes)).map(p => p.permission)
          const n = free.filter(x => has.has(x)).length
          return (
            <div className="matrix-row" role="row" key={room}>
              <span role="rowheader"><Checkbox checked={n > 0 && n === free.length} indeterminate={n > 0 && n < free.length} disabled={locked || free.length === 0} onChange={e => toggle(free, e.target.checked)}><b>{t.rooms[room] ?? room}</b></Checkbox></span>
              <span role="cell">{mine.filter(p => !p.writes).map(box)}</span>
              <span role="cell">{mine.filter(p => p.writes).map(box)}</span>
            </div>
          )
        })}
      </div>
    </Panel>
  )
}
