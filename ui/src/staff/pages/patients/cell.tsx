import { Button, Popover, Select } from 'antd'
import { EditOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { ApiError, call } from '../../../api/call'
import type { Field } from '../../../api/contract/custom'
import type { Detail, PatientRow } from '../../../api/contract/patient'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { patients } from '../../../lib/text/patients'
import { useFail, useUndo } from '../../../lib/ui'
import { useColleagues } from '../../lookup'
import { Control } from '../custom/control'
import '../custom/custom.css'

interface CellProps<V> {
  row: PatientRow
  label: string
  shown: ReactNode
  value: V
  /** The editor of the value. */
  edit: (v: V, set: (v: V) => void, done: () => void) => ReactNode
  /** Saves under the version the reader saw. */
  save: (v: V, version: number) => Promise<unknown>
  /** What the value is in the record as it stands now, in words, for a conflict. */
  now?: (p: Detail) => string
}

/** Cell shows a value and edits it in place. If somebody changed the record meanwhile, both values are shown and one is chosen. */
export function Cell<V>({ row, label, shown, value, edit, save, now }: CellProps<V>) {
  const t = useText(patients)
  const c = useText(common)
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const [open, setOpen] = useState(false)
  const [v, setV] = useState(value)
  const [busy, setBusy] = useState(false)
  const [bad, setBad] = useState('')
  const [clash, setClash] = useState<Detail>()
  const fresh = () => client.invalidateQueries({ queryKey: ['patient'] })
  const begin = (o: boolean) => { setOpen(o); setV(value); setBad(''); setClash(undefined) }
  const put = async (next: V, version: number, back: boolean): Promise<void> => {
    setBusy(true)
    try {
      const old = value
      const answer = (await save(next, version)) as { version?: number } | undefined
      setOpen(false)
      await fresh()
      const after = answer?.version
      if (!back && after) undo(t.cell.saved(row.name, label), () => save(old, after).then(fresh).catch(fail))
    } catch (e) {
      if (e instanceof ApiError && e.status === 409 && e.problem.data) setClash(e.problem.data as Detail)
      else if (e instanceof ApiError && e.status === 422) setBad(e.fields[0]?.message ?? e.detail)
      else fail(e)
    } finally { setBusy(false) }
  }
  const go = () => void put(v, clash?.version ?? row.version, false)
  return (
    <span className="cell-edit">
      <span>{shown}</span>
      <Popover trigger="click" placement="bottomLeft" open={open} onOpenChange={begin} destroyOnHidden title={`${row.name} · ${label}`} content={
        <div className="cell-pop" onKeyDown={e => { if (e.key === 'Escape') setOpen(false); e.stopPropagation() }}>
          {clash && <p className="clash" role="alert">{t.cell.changed}{now && <> {t.cell.now} <b>{now(clash) || '—'}</b></>}</p>}
          {edit(v, x => { setV(x); setBad('') }, go)}
          {bad && <p className="pf-error" role="alert">{bad}</p>}
          <footer><Button size="small" onClick={() => { setOpen(false); if (clash) void fresh() }}>{clash ? t.cell.theirs : c.cancel}</Button><Button size="small" type="primary" loading={busy} onClick={go}>{clash ? t.cell.mine : c.save}</Button></footer>
        </div>}>
        <Button type="text" size="small" icon={<EditOutlined />} aria-label={t.cell.edit(row.name, label)} onClick={e => e.stopPropagation()} />
      </Popover>
    </span>
  )
}

/** TagsCell changes the tags of one patient. */
export function TagsCell({ row, shown, tags }: { row: PatientRow; shown: ReactNode; tags: string[] }) {
  const t = useText(patients)
  return <Cell row={row} label={t.col.tags} shown={shown} value={row.tags} now={p => p.tags.join('、')}
    edit={(v, set) => <Select mode="tags" autoFocus className="cf-full" aria-label={t.col.tags} value={v} onChange={set} options={tags.map(x => ({ value: x, label: x }))} />}
    save={v => call('POST /api/v1/patients/{id}/tags', { path: { id: row.id }, body: { add: v.filter(x => !row.tags.includes(x)), remove: row.tags.filter(x => !v.includes(x)) } })} />
}

/** OwnerCell gives one patient to somebody. */
export function OwnerCell({ row }: { row: PatientRow }) {
  const t = useText(patients)
  const colleagues = useColleagues()
  return <Cell row={row} label={t.col.owner} shown={row.owner_name} value={row.owner_id} now={p => p.owner?.name ?? ''}
    edit={(v, set) => <Select autoFocus defaultOpen allowClear className="cf-full" aria-label={t.col.owner} showSearch={{ optionFilterProp: 'label' }} value={v || undefined} onChange={x => set(x ?? '')} options={colleagues.data?.items.map(x => ({ value: x.id, label: x.name }))} />}
    save={(v, version) => call('PATCH /api/v1/patients/{id}', { path: { id: row.id }, body: { version, owner_id: v } })} />
}

/** FieldCell changes a custom field of one patient. */
export function FieldCell({ row, field, label, shown }: { row: PatientRow; field: Field; label: string; shown: string }) {
  const values = row.fields.find(x => x.field_id === field.id)?.values ?? []
  if (!field.editable) return <>{shown}</>
  return <Cell row={row} label={label} shown={shown} value={values}
    edit={(v, set, done) => <Control field={field} values={v} onChange={set} autoFocus onDone={done} />}
    save={(v, version) => call('PATCH /api/v1/patients/{id}/fields', { path: { id: row.id }, body: { version, fields: [{ field_id: field.id, values: v }] } })} />
}
