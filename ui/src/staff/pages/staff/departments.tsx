import { Button, Input, Modal, Popover, Select } from 'antd'
import { HistoryOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import '../../../api/contract/admin'
import type { Department } from '../../../api/contract/lookup'
import { dayOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { admin } from '../../../lib/text/admin'
import { common } from '../../../lib/text/common'
import { Failure, PageSkeleton, Panel, State, StatusTag, useFail, useUndo } from '../../../lib/ui'
import { useSession } from '../../session'
import { Field } from '../followup-template/step'

interface Node { d: Department; depth: number }

/** tree orders departments parents first, with their depth. */
function tree(all: Department[]): Node[] {
  const known = new Set(all.map(d => d.id))
  const out: Node[] = []
  const walk = (parent: string, depth: number) => { for (const d of all) if ((known.has(d.parent_id) ? d.parent_id : '') === parent && depth < 12) { out.push({ d, depth }); walk(d.id, depth + 1) } }
  walk('', 0)
  return out
}

/** Departments is the tree; a new name keeps the old one true for its time. */
export default function Departments() {
  const t = useText(admin)
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const { may } = useSession()
  const [open, setOpen] = useState<Department | 'new'>()
  const q = useQuery({ queryKey: ['staff', 'department'], queryFn: ({ signal }) => call('GET /api/v1/departments', { signal }) })
  const sites = useQuery({ queryKey: ['staff', 'site'], queryFn: ({ signal }) => call('GET /api/v1/sites', { signal }), staleTime: 300_000 })
  const edits = may('staff.department.update')
  if (q.error && !q.data) return <Panel><Failure error={q.error} retry={() => void q.refetch()} /></Panel>
  if (!q.data) return <PageSkeleton />
  const nodes = tree(q.data.items)
  const refresh = () => client.invalidateQueries({ queryKey: ['staff', 'department'] })
  const active = async (d: Department, on: boolean) => {
    try {
      await call('PATCH /api/v1/departments/{id}', { path: { id: d.id }, body: { version: d.version, active: on } })
      void refresh()
      undo(t.dept.saved, async () => { try { await call('PATCH /api/v1/departments/{id}', { path: { id: d.id }, body: { version: d.version + 1, active: !on } }); void refresh() } catch (e) { fail(e) } })
    } catch (e) { fail(e); void refresh() }
  }
  return (
    <>
      {edits && <div className="filters"><span className="grow" /><Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t.dept.create}</Button></div>}
      <Panel>
        {nodes.length === 0 ? <State title={t.dept.none} hint={t.dept.noneHint} action={edits && <Button type="primary" onClick={() => setOpen('new')}>{t.dept.create}</Button>} /> : (
          <ul className="tree">
            {nodes.map(({ d, depth }) => {
              const past = (d.history ?? []).filter(h => h.to)
              return (
                <li key={d.id} className={d.active ? '' : 'off'} style={{ paddingLeft: 8 + depth * 24 }}>
                  <b>{d.name}</b><small className="sub">{d.code} · {t.dept.kinds[d.kind]}{(sites.data?.items.length ?? 0) > 1 ? ` · ${sites.data?.items.find(s => s.id === d.site_id)?.name ?? ''}` : ''}</small>
                  {!d.active && <StatusTag tone="idle">{t.dept.closed}</StatusTag>}
                  <span className="grow" />
                  {past.length > 0 && <Popover trigger="click" title={t.dept.history} content={<ul className="plain-list">{(d.history ?? []).map(h => <li key={h.from}><b>{h.name}</b> <span className="sub">{dayOf(h.from)} – {h.to ? dayOf(h.to) : t.dept.now}</span></li>)}</ul>}><Button size="small" type="text" icon={<HistoryOutlined />} aria-label={`${t.dept.history} ${d.name}`} /></Popover>}
                  {edits && <><Button size="small" type="link" onClick={() => setOpen(d)}>{t.dept.rename}</Button><Button size="small" type="text" onClick={() => void active(d, !d.active)}>{d.active ? t.dept.close : t.dept.reopen}</Button></>}
                </li>
              )
            })}
          </ul>
        )}
      </Panel>
      {open && <Edit row={open === 'new' ? undefined : open} all={nodes} sites={sites.data?.items ?? []} onClose={() => setOpen(undefined)} onSaved={() => { setOpen(undefined); void refresh() }} />}
    </>
  )
}

function Edit({ row, all, sites, onClose, onSaved }: { row?: Department; all: Node[]; sites: { id: string; name: string }[]; onClose: () => void; onSaved: () => void }) {
  const t = useText(admin)
  const c = useText(common)
  const fail = useFail()
  const undo = useUndo()
  const [v, setV] = useState({ name: row?.name ?? '', code: row?.code ?? '', kind: row?.kind ?? 'department', parent_id: row?.parent_id ?? '', site_id: row?.site_id ?? '' })
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const set = (patch: Partial<typeof v>) => { setV({ ...v, ...patch }); setFaults({}) }
  const save = async () => {
    setBusy(true)
    try {
      if (row) await call('PATCH /api/v1/departments/{id}', { path: { id: row.id }, body: { version: row.version, ...(v.name !== row.name ? { name: v.name.trim() } : {}), ...(v.parent_id !== row.parent_id ? { parent_id: v.parent_id } : {}), ...(v.site_id !== row.site_id ? { site_id: v.site_id } : {}) } })
      else await call('POST /api/v1/departments', { body: { code: v.code.trim(), name: v.name.trim(), kind: v.kind, ...(v.parent_id ? { parent_id: v.parent_id } : {}), ...(v.site_id ? { site_id: v.site_id } : {}) } })
      undo(row ? t.dept.saved : t.dept.created)
      onSaved()
    } catch (e) {
      if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message])))
      else fail(e)
      setBusy(false)
    }
  }
  return (
    <Modal open title={row ? t.dept.rename : t.dept.create} okText={c.save} cancelText={c.cancel} confirmLoading={busy} okButtonProps={{ disabled: !v.name.trim() || !v.code.trim() }} width={440} onOk={() => void save()} onCancel={onClose}>
      <div className="stack">
        {row && <p className="sub">{t.dept.renameHint}</p>}
        <Field label={t.dept.name} need fault={faults.name}><Input autoFocus value={v.name} maxLength={40} onChange={e => set({ name: e.target.value })} /></Field>
        <Field label={t.dept.code} need fault={faults.code}><Input value={v.code} maxLength={40} disabled={!!row} onChange={e => set({ code: e.target.value })} /></Field>
        {!row && <Field label={t.dept.kind}><Select value={v.kind} onChange={kind => set({ kind })} options={(['department', 'ward'] as const).map(k => ({ value: k, label: t.dept.kinds[k] }))} /></Field>}
        <Field label={t.dept.parent} fault={faults.parent_id}><Select value={v.parent_id} showSearch={{ optionFilterProp: 'label' }} onChange={parent_id => set({ parent_id })} options={[{ value: '', label: t.dept.top }, ...all.filter(n => n.d.id !== row?.id).map(n => ({ value: n.d.id, label: '　'.repeat(n.depth) + n.d.name }))]} /></Field>
        {sites.length > 1 && <Field label={t.dept.site}><Select value={v.site_id || undefined} onChange={site_id => set({ site_id })} options={sites.map(s => ({ value: s.id, label: s.name }))} /></Field>}
      </div>
    </Modal>
  )
}
