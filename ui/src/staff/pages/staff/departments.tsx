import { Alert, Button, Checkbox, Dropdown, Input, Modal, Popover, Select } from 'antd'
import { HistoryOutlined, MoreOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import '../../../api/contract/admin'
import type { Site } from '../../../api/contract/admin'
import '../../../api/contract/structure'
import type { Department } from '../../../api/contract/lookup'
import { dayOf } from '../../../lib/format'
import { fit } from '../../../lib/pinyin'
import { useText } from '../../../lib/i18n'
import { admin } from '../../../lib/text/admin'
import { common } from '../../../lib/text/common'
import { structure } from '../../../lib/text/structure'
import { Failure, PageSkeleton, Panel, SearchBox, State, StatusTag, useFail, useUndo } from '../../../lib/ui'
import { useSession } from '../../session'
import { Field } from '../followup-template/step'
import { Pick, useDepartmentChoices } from '../part/pick'

interface Node { d: Department; depth: number }

/** tree orders departments parents first, with their depth. */
function tree(all: Department[]): Node[] {
  const known = new Set(all.map(d => d.id))
  const out: Node[] = []
  const walk = (parent: string, depth: number) => { for (const d of all) if ((known.has(d.parent_id) ? d.parent_id : '') === parent && depth < 12) { out.push({ d, depth }); walk(d.id, depth + 1) } }
  walk('', 0)
  return out
}

/** Departments is the tree with its codes; a new name keeps the old one true for its time (PT-07). */
export default function Departments() {
  const t = useText(admin)
  const s = useText(structure)
  const c = useText(common)
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const { may } = useSession()
  const [open, setOpen] = useState<Department | 'new'>()
  const [merging, setMerging] = useState<Department>()
  const [site, setSite] = useState<Site | 'new'>()
  const [text, setText] = useState<string>()
  const q = useQuery({ queryKey: ['staff', 'department'], queryFn: ({ signal }) => call('GET /api/v1/departments', { signal }) })
  const sites = useQuery({ queryKey: ['staff', 'site'], queryFn: ({ signal }) => call('GET /api/v1/sites', { signal }), staleTime: 300_000 })
  const edits = may('staff.department.update')
  if (q.error && !q.data) return <Panel><Failure error={q.error} retry={() => void q.refetch()} /></Panel>
  if (!q.data) return <PageSkeleton />
  const all = q.data.items
  const nodes = tree(all)
  const shown = text ? nodes.filter(n => fit({ label: n.d.name, pinyin: n.d.pinyin, code: [n.d.code, ...n.d.codes.map(x => x.code)].join(' ') }, text) >= 0).map(n => ({ ...n, depth: 0 })) : nodes
  const campuses = sites.data?.items ?? []
  const unchecked = all.filter(d => d.active && !d.checked).length
  const refresh = () => { void client.invalidateQueries({ queryKey: ['staff', 'department'] }); void client.invalidateQueries({ queryKey: ['staff', 'site'] }) }
  const patch = async (d: Department, body: { active?: boolean; name?: string }, said: string, back?: { active: boolean }) => {
    try {
      await call('PATCH /api/v1/departments/{id}', { path: { id: d.id }, body: { version: d.version, ...body } })
      refresh()
      undo(said, back && (async () => { try { await call('PATCH /api/v1/departments/{id}', { path: { id: d.id }, body: { version: d.version + 1, ...back } }); refresh() } catch (e) { fail(e) } }))
    } catch (e) { fail(e); refresh() }
  }
  const menu = (d: Department) => [
    ...(!d.checked ? [{ key: 'check', label: s.dept.check, onClick: () => void patch(d, { name: d.name }, s.dept.checked(d.name)) }] : []),
    { key: 'edit', label: s.dept.move, onClick: () => setOpen(d) },
    ...(d.active ? [{ key: 'merge', label: s.dept.merge, onClick: () => setMerging(d) }] : []),
    ...(d.into_id ? [] : [{ key: 'active', danger: d.active, label: d.active ? t.dept.close : t.dept.reopen, onClick: () => void patch(d, { active: !d.active }, t.dept.saved, { active: d.active }) }]),
  ]
  return (
    <>
      <div className="filters">
        <SearchBox value={text} onChange={setText} placeholder={s.dept.search} />
        <span className="grow" />
        {edits && <Button onClick={() => setSite('new')}>{s.dept.newSite}</Button>}
        {edits && <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t.dept.create}</Button>}
      </div>
      {unchecked > 0 && <Alert className="restored" type="warning" showIcon title={s.dept.uncheckedN(unchecked)} description={s.dept.uncheckedHint} />}
      <Panel title={campuses.length > 1 ? s.dept.sites : undefined}>
        {campuses.length > 1 && <div className="row sites">{campuses.map(x => edits ? <Button key={x.id} size="small" type={x.active === false ? 'dashed' : 'default'} onClick={() => setSite(x)}>{x.name}</Button> : <StatusTag key={x.id} tone="info">{x.name}</StatusTag>)}</div>}
        {nodes.length === 0 ? <State title={t.dept.none} hint={t.dept.noneHint} action={edits && <Button type="primary" onClick={() => setOpen('new')}>{t.dept.create}</Button>} /> : (
          <ul className="tree">
            {shown.map(({ d, depth }) => (
              <li key={d.id} className={d.active ? '' : 'off'} style={{ paddingLeft: 8 + depth * 24 }}>
                <b>{d.name}</b><small className="sub">{[d.code, ...d.codes.map(x => (x.source ? `${x.source}:${x.code}` : x.code))].join(' · ')} · {t.dept.kinds[d.kind]}{campuses.length > 1 ? ` · ${campuses.find(x => x.id === d.site_id)?.name ?? ''}` : ''}</small>
                {d.division && <StatusTag tone="info">{s.dept.division}</StatusTag>}
                {d.active && !d.checked && <StatusTag tone="warn">{s.dept.unchecked}</StatusTag>}
                {d.into_id ? <StatusTag tone="idle">{s.dept.mergedInto(all.find(x => x.id === d.into_id)?.name ?? '')}</StatusTag> : !d.active && <StatusTag tone="idle">{t.dept.closed}</StatusTag>}
                <span className="grow" />
                {(d.history ?? []).some(h => h.to) && <Popover trigger="click" title={t.dept.history} content={<ul className="plain-list">{(d.history ?? []).map(h => <li key={h.from}><b>{h.name}</b> <span className="sub">{dayOf(h.from)} – {h.to ? dayOf(h.to) : t.dept.now}</span></li>)}</ul>}><Button size="small" type="text" icon={<HistoryOutlined />} aria-label={`${t.dept.history} ${d.name}`} /></Popover>}
                {edits && <Dropdown trigger={['click']} menu={{ items: menu(d) }}><Button size="small" type="text" icon={<MoreOutlined />} aria-label={`${c.more} ${d.name}`} /></Dropdown>}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {open && <Edit row={open === 'new' ? undefined : open} all={nodes} sites={campuses.filter(x => x.active !== false)} onClose={() => setOpen(undefined)} onSaved={() => { setOpen(undefined); refresh() }} />}
      {merging && <Merge row={merging} onClose={() => setMerging(undefined)} onSaved={() => { setMerging(undefined); refresh() }} />}
      {site && <Campus row={site === 'new' ? undefined : site} onClose={() => setSite(undefined)} onSaved={() => { setSite(undefined); refresh() }} />}
    </>
  )
}

type Faults = Record<string, string>
/** useSave runs a change and shows which fields are wrong. */
function useSave(done: () => void) {
  const fail = useFail()
  const [faults, setFaults] = useState<Faults>({})
  const [busy, setBusy] = useState(false)
  const save = async (run: () => Promise<unknown>) => {
    setBusy(true)
    try { await run(); done() } catch (e) {
      if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message])))
      else fail(e)
    } finally { setBusy(false) }
  }
  return { faults, clear: () => setFaults({}), busy, save }
}

const written = (d?: Department) => (d?.codes ?? []).map(x => (x.source ? `${x.source}:${x.code}` : x.code))
const read = (v: string) => { const at = v.search(/[:：]/); return at > 0 ? { source: v.slice(0, at).trim(), code: v.slice(at + 1).trim() } : { source: '', code: v.trim() } }

function Edit({ row, all, sites, onClose, onSaved }: { row?: Department; all: Node[]; sites: Site[]; onClose: () => void; onSaved: () => void }) {
  const t = useText(admin)
  const s = useText(structure)
  const c = useText(common)
  const undo = useUndo()
  const [v, setV] = useState({ name: row?.name ?? '', code: row?.code ?? '', kind: row?.kind ?? 'department', parent_id: row?.parent_id ?? '', site_id: row?.site_id ?? '', division: row?.division ?? false, codes: written(row) })
  const { faults, clear, busy, save } = useSave(() => { undo(row ? t.dept.saved : t.dept.created); onSaved() })
  const set = (patch: Partial<typeof v>) => { setV({ ...v, ...patch }); clear() }
  const run = async () => {
    let id = row?.id
    if (row) await call('PATCH /api/v1/departments/{id}', { path: { id: row.id }, body: { version: row.version, ...(v.name !== row.name ? { name: v.name.trim() } : {}), ...(v.parent_id !== row.parent_id ? { parent_id: v.parent_id } : {}), ...(v.site_id !== row.site_id ? { site_id: v.site_id } : {}), division: v.division, kind: v.kind } })
    else id = (await call('POST /api/v1/departments', { body: { code: v.code.trim(), name: v.name.trim(), kind: v.kind, division: v.division, ...(v.parent_id ? { parent_id: v.parent_id } : {}), ...(v.site_id ? { site_id: v.site_id } : {}) } })).id
    if (id && v.codes.join('\n') !== written(row).join('\n')) await call('PUT /api/v1/departments/{id}/codes', { path: { id }, body: { codes: v.codes.map(read) } })
  }
  return (
    <Modal open title={row ? s.dept.move : t.dept.create} okText={c.save} cancelText={c.cancel} confirmLoading={busy} okButtonProps={{ disabled: !v.name.trim() || !v.code.trim() }} width={460} onOk={() => void save(run)} onCancel={onClose}>
      <div className="stack">
        {row && <p className="sub">{t.dept.renameHint}</p>}
        <Field label={t.dept.name} need fault={faults.name}><Input autoFocus value={v.name} maxLength={40} onChange={e => set({ name: e.target.value })} /></Field>
        <Field label={t.dept.code} need fault={faults.code}><Input value={v.code} maxLength={40} disabled={!!row} onChange={e => set({ code: e.target.value })} /></Field>
        <Field label={s.dept.codes} hint={s.dept.codesHint} fault={faults.codes}><Select mode="tags" className="full" aria-label={s.dept.codes} placeholder={s.dept.codesAdd} value={v.codes} open={false} suffixIcon={null} onChange={codes => set({ codes })} /></Field>
        <Field label={t.dept.kind}><Select value={v.kind} onChange={kind => set({ kind })} options={(['department', 'ward'] as const).map(k => ({ value: k, label: t.dept.kinds[k] }))} /></Field>
        <Field label={t.dept.parent} fault={faults.parent_id}><Pick label={t.dept.top} value={v.parent_id || undefined} onChange={id => set({ parent_id: id ?? '' })} options={all.filter(n => n.d.id !== row?.id && n.d.active).map(n => ({ value: n.d.id, label: n.d.name, pinyin: n.d.pinyin, code: n.d.code }))} /></Field>
        {sites.length > 1 && <Field label={t.dept.site}><Select value={v.site_id || undefined} onChange={site_id => set({ site_id })} options={sites.map(x => ({ value: x.id, label: x.name }))} /></Field>}
        <Checkbox checked={v.division} onChange={e => set({ division: e.target.checked })}>{s.dept.division}</Checkbox><p className="sub">{s.dept.divisionHint}</p>
      </div>
    </Modal>
  )
}

function Merge({ row, onClose, onSaved }: { row: Department; onClose: () => void; onSaved: () => void }) {
  const s = useText(structure)
  const c = useText(common)
  const undo = useUndo()
  const choices = useDepartmentChoices()
  const [into, setInto] = useState<string>()
  const { faults, busy, save } = useSave(() => { undo(s.dept.merged(choices.options.find(o => o.value === into)?.label ?? '')); onSaved() })
  return (
    <Modal open title={s.dept.mergeTitle(row.name)} okText={s.dept.mergeDo} cancelText={c.cancel} confirmLoading={busy} okButtonProps={{ disabled: !into, danger: true }} width={460} onOk={() => void save(() => call('POST /api/v1/departments/{id}/merge', { path: { id: row.id }, body: { into_id: into! } }))} onCancel={onClose}>
      <div className="stack"><p className="sub">{s.dept.mergeHint}</p><Field label={s.dept.mergeInto} need fault={faults.into_id}><Pick autoFocus label={s.dept.mergeInto} value={into} onChange={setInto} loading={choices.loading} options={choices.options.filter(o => o.value !== row.id)} /></Field></div>
    </Modal>
  )
}

function Campus({ row, onClose, onSaved }: { row?: Site; onClose: () => void; onSaved: () => void }) {
  const t = useText(admin)
  const s = useText(structure)
  const c = useText(common)
  const undo = useUndo()
  const [v, setV] = useState({ code: row?.code ?? '', name: row?.name ?? '' })
  const { faults, busy, save } = useSave(() => { undo(s.dept.siteSaved); onSaved() })
  const patch = (body: { name?: string; active?: boolean }) => save(() => call('PATCH /api/v1/sites/{id}', { path: { id: row!.id }, body: { version: row!.version ?? 0, ...body } }))
  return (
    <Modal open title={row ? row.name : s.dept.newSite} okText={c.save} cancelText={c.cancel} confirmLoading={busy} okButtonProps={{ disabled: !v.name.trim() || !v.code.trim() }} width={420} onCancel={onClose}
      onOk={() => void (row ? patch({ name: v.name.trim() }) : save(() => call('POST /api/v1/sites', { body: { code: v.code.trim(), name: v.name.trim() } })))}>
      <div className="stack">
        <Field label={s.dept.siteName} need fault={faults.name}><Input autoFocus value={v.name} maxLength={40} onChange={e => setV({ ...v, name: e.target.value })} /></Field>
        <Field label={s.dept.siteCode} need fault={faults.code}><Input value={v.code} maxLength={40} disabled={!!row} onChange={e => setV({ ...v, code: e.target.value })} /></Field>
        {row && <Button danger={row.active !== false} onClick={() => void patch({ active: row.active === false })}>{row.active === false ? t.dept.reopen : t.dept.close}</Button>}
      </div>
    </Modal>
  )
}
