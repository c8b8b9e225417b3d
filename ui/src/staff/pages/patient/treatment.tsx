import { Button, DatePicker, Dropdown, Input, InputNumber, Modal, Skeleton } from 'antd'
import { MedicineBoxOutlined, MoreOutlined, PlusOutlined } from '@ant-design/icons'
import dayjs from 'dayjs'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import '../../../api/contract/treatment'
import type { SummaryLine, TreatmentItem } from '../../../api/contract/treatment'
import { dayOf, exact, yuan } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { patient as words } from '../../../lib/text/patient'
import { profile } from '../../../lib/text/profile'
import { Failure, State, StatusTag, useFail, useUndo } from '../../../lib/ui'
import { Field } from '../followup-template/step'
import { useSession } from '../../session'

/** Treatment shows what the role may know of a patient's treatment, and the items with their sessions. */
export function Treatment({ id }: { id: string }) {
  const t = useText(profile)
  const { may } = useSession()
  const q = useQuery({ queryKey: ['patient', id, 'summary'], queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/summary', { path: { id }, signal }) })
  if (q.error && !q.data) return <Failure error={q.error} retry={() => void q.refetch()} />
  if (!q.data) return <Skeleton active paragraph={{ rows: 8 }} />
  const s = q.data
  const hidden = (f: string) => s.hidden.includes(f)
  return (
    <div className="treat">
      {may('visit.item.read') && <Items id={id} />}
      <Lines title={t.sum.diagnoses} rows={s.diagnoses} hidden={hidden('diagnosis')} note={x => t.sum.kinds[x.note] ?? x.note} />
      <Lines title={t.sum.procedures} rows={s.procedures} hidden={hidden('procedure')} note={x => x.note} />
      <Lines title={t.sum.reports} rows={s.reports} hidden={hidden('report')} note={x => x.note} />
      <section><h3>{t.sum.spent}</h3><p>{hidden('spend') ? <span className="sub">{t.sum.hidden}</span> : <b>{yuan(s.spent_fen)}</b>}</p></section>
    </div>
  )
}

function Lines({ title, rows, hidden, note }: { title: string; rows: SummaryLine[]; hidden: boolean; note: (x: SummaryLine) => string }) {
  const t = useText(profile)
  return (
    <section><h3>{title}</h3>
      {hidden ? <p className="sub">{t.sum.hidden}</p> : rows.length === 0 ? <p className="sub">{t.sum.none}</p> : (
        <ul className="plain-list">{rows.map((x, i) => <li key={i} className="treat-line"><time className="sub" title={exact(x.at)}>{dayOf(x.at)}</time><span><b>{x.name}</b>{x.code && x.code !== x.name && /\d/.test(x.code) && <small className="sub"> {x.code}</small>}{note(x) && <span className="sub"> · {note(x)}</span>}</span>{x.status && <StatusTag tone={x.status === 'critical' ? 'bad' : 'warn'}>{x.status === 'critical' ? t.sum.critical : t.sum.abnormal}</StatusTag>}</li>)}</ul>
      )}
    </section>
  )
}

function Items({ id }: { id: string }) {
  const t = useText(profile)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const edits = useSession().may('visit.item.update')
  const [open, setOpen] = useState<TreatmentItem | 'new'>()
  const [log, setLog] = useState<TreatmentItem>()
  const q = useQuery({ queryKey: ['patient', id, 'items'], queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/items', { path: { id }, signal }) })
  const fresh = () => client.invalidateQueries({ queryKey: ['patient', id, 'items'] })
  const give = (x: TreatmentItem) => call('POST /api/v1/patients/{id}/items/{item_id}/return', { path: { id, item_id: x.id }, body: {} })
  const use = useMutation({
    mutationFn: (x: TreatmentItem) => call('POST /api/v1/patients/{id}/items/{item_id}/use', { path: { id, item_id: x.id }, body: {} }),
    onSuccess: x => { void fresh(); undo(t.item.usedNow(x.left), () => give(x).then(fresh).catch(fail)) },
    onError: fail,
  })
  const back = useMutation({ mutationFn: give, onSuccess: x => { void fresh(); undo(t.item.usedNow(x.left)) }, onError: fail })
  return (
    <section>
      <h3>{t.item.title}{edits && <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t.item.add}</Button>}</h3>
      {q.data?.items.length === 0 && <p className="sub">{t.item.none}</p>}
      <ul className="plain-list">{q.data?.items.map(x => (
        <li key={x.id} className="treat-item">
          <div><b>{x.name}</b> <small className="sub">{[x.source === 'hand' ? t.item.byHand : t.item.from(x.source), x.valid_until && `${t.item.until} ${x.valid_until}`, x.note].filter(Boolean).join(' · ')}</small>
            <i className="bar" aria-hidden="true"><u style={{ width: `${(x.used / x.bought) * 100}%` }} /></i></div>
          <span className="sub">{t.item.of(x.used, x.bought)}</span>
          <StatusTag tone={x.over ? 'bad' : x.left === 0 ? 'idle' : 'ok'}>{x.over ? t.item.over : t.item.left(x.left)}</StatusTag>
          {edits && x.source === 'hand' && <Button size="small" disabled={x.left === 0 || x.over || use.isPending} onClick={() => use.mutate(x)}>{t.item.use}</Button>}
          <Dropdown trigger={['click']} menu={{ items: [{ key: 'log', label: t.item.log, onClick: () => setLog(x) }, ...(edits && x.source === 'hand' ? [...(x.used > 0 ? [{ key: 'back', label: t.item.back, onClick: () => back.mutate(x) }] : []), { key: 'edit', label: t.item.edit, onClick: () => setOpen(x) }] : [])] }}><Button type="text" size="small" aria-label={`${t.item.more} ${x.name}`} icon={<MoreOutlined />} /></Dropdown>
        </li>))}</ul>
      {open && <ItemDialog id={id} row={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} onDone={() => { void fresh(); setOpen(undefined); undo(t.item.saved) }} />}
      {log && <Log id={id} item={log} onClose={() => setLog(undefined)} />}
    </section>
  )
}

function Log({ id, item, onClose }: { id: string; item: TreatmentItem; onClose: () => void }) {
  const t = useText(profile)
  const q = useQuery({ queryKey: ['patient', id, 'items', item.id], queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/items/{item_id}/sessions', { path: { id, item_id: item.id }, signal }) })
  return <Modal open title={`${t.item.log} · ${item.name}`} footer={null} width={420} onCancel={onClose}>{q.data?.items.length === 0 ? <p className="sub">{t.item.noLog}</p> : <ul className="plain-list">{q.data?.items.map(x => <li key={x.id}><time className="sub">{exact(x.at)}</time> {x.n > 0 ? t.item.took : t.item.gave} · {x.by} {x.note}</li>)}</ul>}</Modal>
}

function ItemDialog({ id, row, onClose, onDone }: { id: string; row?: TreatmentItem; onClose: () => void; onDone: () => void }) {
  const t = useText(profile)
  const c = useText(common)
  const fail = useFail()
  const [f, setF] = useState({ name: row?.name ?? '', bought: row?.bought ?? 10, used: row?.used ?? 0, valid_until: row?.valid_until ?? '', note: row?.note ?? '' })
  const [faults, setFaults] = useState<Record<string, string>>({})
  const set = (patch: Partial<typeof f>) => { setF({ ...f, ...patch }); setFaults({}) }
  const save = useMutation({
    mutationFn: () => {
      const body = { ...f, code: row?.code, version: row?.version }
      return row ? call('PUT /api/v1/patients/{id}/items/{item_id}', { path: { id, item_id: row.id }, body }) : call('POST /api/v1/patients/{id}/items', { path: { id }, body }).then(() => undefined)
    },
    onSuccess: onDone,
    onError: e => { if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(x => [x.field, x.message]))); else fail(e) },
  })
  return (
    <Modal open title={t.item.title} okText={t.item.save} cancelText={c.cancel} width={420} confirmLoading={save.isPending} okButtonProps={{ disabled: !f.name.trim() }} onOk={() => save.mutate()} onCancel={onClose}>
      <div className="stack" onKeyDown={e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) save.mutate() }}>
        <Field label={t.item.name} need fault={faults.name}><Input autoFocus aria-label={t.item.name} maxLength={80} value={f.name} onChange={e => set({ name: e.target.value })} /></Field>
        <span className="row"><Field label={t.item.bought} need fault={faults.bought}><InputNumber aria-label={t.item.bought} min={1} max={9999} value={f.bought} onChange={v => set({ bought: v ?? 1 })} /></Field>
          {!row && <Field label={t.item.used} fault={faults.used}><InputNumber aria-label={t.item.used} min={0} max={f.bought} value={f.used} onChange={v => set({ used: v ?? 0 })} /></Field>}</span>
        <Field label={t.item.until} hint={t.member.toHint} fault={faults.valid_until}><DatePicker aria-label={t.item.until} value={f.valid_until ? dayjs(f.valid_until) : null} onChange={d => set({ valid_until: d ? d.format('YYYY-MM-DD') : '' })} /></Field>
        <Field label={t.item.note} fault={faults.note}><Input aria-label={t.item.note} maxLength={200} value={f.note} onChange={e => set({ note: e.target.value })} /></Field>
      </div>
    </Modal>
  )
}

/** Visits lists visits and stays, newest first. */
export function Visits({ id }: { id: string }) {
  const t = useText(profile)
  const w = useText(words)
  const q = useInfiniteQuery({
    queryKey: ['patient', id, 'encounters'], initialPageParam: '',
    queryFn: ({ pageParam, signal }) => call('GET /api/v1/patients/{id}/encounters', { path: { id }, query: { cursor: pageParam, limit: 50 }, signal }),
    getNextPageParam: last => last.next || undefined,
  })
  const spend = useSession().may('visit.charge.read')
  if (q.error && !q.data) return <Failure error={q.error} retry={() => void q.refetch()} />
  if (!q.data) return <Skeleton active paragraph={{ rows: 8 }} />
  const rows = q.data.pages.flatMap(p => p.items)
  if (rows.length === 0) return <State icon={<MedicineBoxOutlined />} title={t.sum.noVisits} hint={t.sum.noVisitsHint} />
  return (
    <>
      <ul className="plain-list">{rows.map(v => (
        <li key={v.id} className="treat-line">
          <time className="sub">{dayOf(v.started_at)}</time>
          <span><b>{[w.classes[v.class] ?? v.class, v.department].filter(Boolean).join(' · ')}</b> {v.doctor}<br />
            <span className="sub">{v.hidden ? t.sum.hidden : v.diagnosis || t.sum.none}{v.class === 'IMP' && ` · ${v.ended_at ? t.sum.stay(dayOf(v.started_at), dayOf(v.ended_at)) : t.sum.open}`}</span></span>
          {spend && <b>{yuan(v.total_fen)}</b>}
        </li>))}</ul>
      {q.hasNextPage && <Button block loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>{t.sum.more}</Button>}
    </>
  )
}
