import { Button, Drawer, Input, Select } from 'antd'
import { PlusOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { ApiError, call } from '../../api/call'
import '../../api/contract/admin'
import type { ConditionGroup } from '../../api/contract/lookup'
import { count } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { group } from '../../lib/text/group'
import { DataTable, Empty, Failure, FilterBar, PageHeader, Panel, SearchBox, Tag, useFail, useUndo, type Column } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { Field } from './followup-template/step'
import { useSettled } from './part/gauge'
import './part/form.css'

/** Condition groups: ICD codes that belong together; what a change would start shows before it is saved (PT-08). */
export default function Groups() {
  const t = useText(group)
  const c = useText(common)
  const url = useUrl()
  const { may } = useSession()
  const [open, setOpen] = useState<ConditionGroup | 'new'>()
  const q = useQuery({ queryKey: ['visit', 'group'], queryFn: ({ signal }) => call('GET /api/v1/condition-groups', { signal }) })
  const edits = may('visit.group.update')
  useKeys(c.keys.page, edits ? [{ key: 'n', label: t.create, run: () => setOpen('new') }] : [])
  const text = url.one('q')?.toLowerCase()
  const all = q.data?.items ?? []
  const items = all.filter(g => !text || g.name.toLowerCase().includes(text) || g.codes.some(x => x.toLowerCase().startsWith(text)))
  const columns = useMemo<Column<ConditionGroup>[]>(() => [
    { key: 'name', title: t.col.name, fixedIn: true, width: 220, render: (_, r) => <button className="link" onClick={() => setOpen(r)}><b>{r.name}</b></button> },
    { key: 'codes', title: t.col.codes, render: (_, r) => r.codes.map(x => <Tag key={x}>{x}</Tag>) },
    { key: 'version', title: t.col.version, align: 'right', width: 80, render: (_, r) => r.version },
  ], [t])
  return (
    <div className="page">
      <PageHeader title={t.title} count={q.data && t.count(all.length)}>{edits && <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t.create}</Button>}</PageHeader>
      <FilterBar dirty={!!text} onClear={() => url.set({ q: undefined })}><SearchBox value={url.one('q')} onChange={v => url.set({ q: v })} placeholder={t.search} /></FilterBar>
      <DataTable id="visit.group" whole query={{ ...q, data: q.data && { items } }} columns={columns} rowKey={r => r.id} onOpen={setOpen} label={t.title}
        empty={all.length ? <Empty title={t.noneHere} hint={t.noneHereHint} /> : <Empty title={t.none} hint={t.noneHint} action={edits && <Button type="primary" onClick={() => setOpen('new')}>{t.create}</Button>} />}
        card={r => <button className="plain-card bare" onClick={() => setOpen(r)}><b>{r.name}</b><span>{r.codes.map(x => <Tag key={x}>{x}</Tag>)}</span></button>} />
      {open && <Edit row={open === 'new' ? undefined : open} all={all} locked={!edits} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

const icd = /^[A-Z]\d{1,2}(\.[0-9A-Zx+*]{1,6})?$/

function Edit({ row, all, locked, onClose }: { row?: ConditionGroup; all: ConditionGroup[]; locked: boolean; onClose: () => void }) {
  const t = useText(group)
  const c = useText(common)
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const [name, setName] = useState(row?.name ?? '')
  const [codes, setCodes] = useState<string[]>(row?.codes ?? [])
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const settled = useSettled(codes)
  const q = useQuery({ queryKey: ['visit', 'group', 'preview', row?.id, settled], enabled: settled.length > 0, placeholderData: keepPreviousData, queryFn: ({ signal }) => call('POST /api/v1/condition-groups/preview', { body: { ...(row ? { id: row.id } : {}), codes: settled }, signal }) })
  const odd = codes.find(x => !icd.test(x))
  const shared = all.filter(g => g.id !== row?.id).flatMap(g => g.codes.filter(x => codes.includes(x)).map(x => ({ code: x, name: g.name })))
  const save = async () => {
    setBusy(true)
    try {
      if (row) await call('PUT /api/v1/condition-groups/{id}', { path: { id: row.id }, body: { name: name.trim(), codes, version: row.version } })
      else await call('POST /api/v1/condition-groups', { body: { name: name.trim(), codes } })
      void client.invalidateQueries({ queryKey: ['visit'] })
      undo(t.saved)
      onClose()
    } catch (e) {
      if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field.replace(/\.\d+$/, ''), f.message])))
      else fail(e)
      setBusy(false)
    }
  }
  return (
    <Drawer open onClose={onClose} size={480} title={row?.name ?? t.create} extra={!locked && <Button type="primary" loading={busy} disabled={!name.trim() || codes.length === 0} onClick={() => void save()}>{c.save}</Button>}>
      <div className="stack">
        <Field label={t.name} need fault={faults.name}><Input autoFocus value={name} maxLength={40} disabled={locked} onChange={e => { setName(e.target.value); setFaults({}) }} /></Field>
        <Field label={t.codes} need hint={t.codesHint} fault={faults.codes ?? (odd ? t.badCode(odd) : undefined)}><Select mode="tags" aria-label={t.codes} open={false} suffixIcon={null} tokenSeparators={[' ', ',', '，', ';', '\n']} value={codes} disabled={locked} onChange={list => { setCodes([...new Set(list.map(x => x.trim().toUpperCase().replace('X', 'x')).filter(Boolean))]); setFaults({}) }} /></Field>
        {shared.length > 0 && <ul className="plain-list">{shared.map(s => <li key={s.code + s.name}><Tag>{s.code}</Tag> <span className="sub">{t.others(s.name)}</span></li>)}</ul>}
        <Panel title={t.preview}>
          <div aria-live="polite">
            {codes.length === 0 ? <p className="sub">{t.previewHint}</p> : q.error && !q.data ? <Failure error={q.error} retry={() => void q.refetch()} /> : !q.data ? <p className="sub">{t.previewing}</p> : <>
              <p>{t.patients(count(q.data.patients))}</p>
              {q.data.plans.length === 0 ? <p className="sub">{t.noPlans}</p> : <><p>{t.plans(q.data.plans.length)}</p><ul className="plain-list">{q.data.plans.map(p => <li key={p.template_id}><Link to="/followup/templates/$id" params={{ id: p.template_id }}>{p.name}</Link> <span className="sub">{t.steps(p.steps)}</span></li>)}</ul></>}
            </>}
          </div>
        </Panel>
      </div>
    </Drawer>
  )
}
