import { Button, Drawer, Input, InputNumber, Select, Switch } from 'antd'
import { HistoryOutlined, PlusOutlined, UndoOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ApiError, call } from '../../api/call'
import type { Setting } from '../../api/contract/admin'
import '../../api/contract/lookup'
import { useText } from '../../lib/i18n'
import { settings } from '../../lib/text/settings'
import { Empty, Failure, FilterBar, IconButton, PageHeader, PageSkeleton, Panel, SearchBox, StatusTag, useFail, useUndo, When } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import './part/form.css'
import './settings.css'

/** Settings of every room on one searchable page; a change is saved at once and can be taken back (SY-01). */
export default function Settings() {
  const t = useText(settings)
  const url = useUrl()
  const { may } = useSession()
  const [past, setPast] = useState<Setting>()
  const q = useQuery({ queryKey: ['setting'], queryFn: ({ signal }) => call('GET /api/v1/settings', { signal }) })
  const departments = useQuery({ queryKey: ['staff', 'department'], queryFn: ({ signal }) => call('GET /api/v1/departments', { signal }), staleTime: 300_000 })
  if (q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!q.data) return <PageSkeleton />
  const all = q.data.items
  const text = url.one('q')?.toLowerCase()
  const changed = url.one('changed') === '1'
  const differs = (s: Setting) => s.value !== s.default || s.overrides.length > 0
  const shown = all.filter(s => (!text || (s.name + s.help + s.key).toLowerCase().includes(text)) && (!changed || differs(s)))
  const rooms = [...new Set(shown.map(s => s.room))]
  const locked = !may('setting.setting.update')
  const names = departments.data?.items ?? []
  return (
    <div className="page">
      <PageHeader title={t.title} count={t.count(all.length)} />
      <FilterBar dirty={!!text || changed} onClear={() => url.set({ q: undefined, changed: undefined })}>
        <SearchBox value={url.one('q')} onChange={v => url.set({ q: v })} placeholder={t.search} />
        <label className="row"><Switch size="small" checked={changed} onChange={v => url.set({ changed: v ? '1' : undefined })} aria-label={t.changedOnly} />{t.changedOnly}</label>
      </FilterBar>
      {shown.length === 0 ? <Panel><Empty title={t.none} hint={t.noneHint} /></Panel> : (
        <div className="settings">
          <nav className="set-nav" aria-label={t.title}>{rooms.map(r => <a key={r} href={'#set-' + r}>{t.rooms[r] ?? r}</a>)}</nav>
          <div className="stack">{rooms.map(room => <section className="panel" key={room} id={'set-' + room}><h2>{t.rooms[room] ?? room}</h2><ul className="set-list">{shown.filter(s => s.room === room).map(s => <Row key={s.key} s={s} departments={names} locked={locked} onHistory={() => setPast(s)} />)}</ul></section>)}</div>
        </div>
      )}
      {past && <History s={past} departments={names} onClose={() => setPast(undefined)} />}
    </div>
  )
}

interface Named { id: string; name: string }

function Row({ s, departments, locked, onHistory }: { s: Setting; departments: Named[]; locked: boolean; onHistory: () => void }) {
  const t = useText(settings)
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const [fault, setFault] = useState('')
  const [adding, setAdding] = useState(false)
  const [extra, setExtra] = useState<string[]>([])
  const refresh = () => client.invalidateQueries({ queryKey: ['setting'] })
  const put = async (value: string, old: string, version: number, department?: string, back = false) => {
    if (value === old) return
    setFault('')
    try {
      await call('PUT /api/v1/settings/{key}', { path: { key: s.key }, body: { value, version, ...(department ? { department_id: department } : {}) } })
      await refresh()
      if (!back) undo(t.saved(s.name), () => void put(old, value, version + 1, department, true))
    } catch (e) {
      if (e instanceof ApiError && e.status === 409) { fail(e); void refresh() } else if (e instanceof ApiError && e.status < 500 && e.detail) setFault(e.field('value') ?? e.detail)
      else fail(e)
      void refresh()
    }
  }
  // Without a department's own value the hospital's holds again; taking that back gives the value anew.
  const clear = async (o: { department_id: string; value: string; version?: number }) => {
    setExtra(extra.filter(id => id !== o.department_id))
    if (!o.version) return
    setFault('')
    try {
      await call('DELETE /api/v1/settings/{key}', { path: { key: s.key }, query: { department_id: o.department_id, version: o.version } })
      await refresh()
      undo(t.cleared(s.name), () => void put(o.value, '', 0, o.department_id, true))
    } catch (e) { fail(e); void refresh() }
  }
  const own = [...s.overrides, ...extra.filter(id => !s.overrides.some(o => o.department_id === id)).map(id => ({ department_id: id, value: s.value, version: 0 }))]
  return (
    <li>
      <div className="set-row">
        <div><b>{s.name}</b>{s.help && <p className="sub">{s.help}</p>}</div>
        <div className="set-value">
          <Control s={s} value={s.value} label={s.name} locked={locked} onSave={v => void put(v, s.value, s.version)} />
          {s.value !== s.default ? <small className="sub">{t.default(say(s.default, t))} {!locked && <IconButton icon={<UndoOutlined />} label={`${t.reset} ${s.name}`} onClick={() => void put(s.default, s.value, s.version)} />}</small> : null}
          {fault && <span className="fld-bad" role="alert">{fault}</span>}
        </div>
        <IconButton icon={<HistoryOutlined />} label={`${t.history} ${s.name}`} onClick={onHistory} />
      </div>
      {s.per_department && (own.length > 0 || !locked) && (
        <div className="set-own">
          {own.map(o => <div className="row" key={o.department_id}><StatusTag tone="info">{departments.find(d => d.id === o.department_id)?.name ?? o.department_id}</StatusTag><Control s={s} value={o.value} label={`${s.name} ${departments.find(d => d.id === o.department_id)?.name ?? ''}`} locked={locked} onSave={v => void put(v, o.version ? o.value : '', o.version ?? 0, o.department_id)} />{!locked && <IconButton icon={<UndoOutlined />} label={`${t.same} ${s.name} ${departments.find(d => d.id === o.department_id)?.name ?? ''}`} onClick={() => void clear(o)} />}</div>)}
          {!locked && (adding
            ? <Select autoFocus defaultOpen className="kw" aria-label={t.addOverride} placeholder={t.addOverride} showSearch={{ optionFilterProp: 'label' }} onBlur={() => setAdding(false)} onChange={(id: string) => { setExtra([...extra, id]); setAdding(false) }} options={departments.filter(d => !own.some(o => o.department_id === d.id)).map(d => ({ value: d.id, label: d.name }))} />
            : <Button size="small" type="link" icon={<PlusOutlined />} onClick={() => setAdding(true)}>{t.addOverride}</Button>)}
        </div>
      )}
    </li>
  )
}

const say = (v: string, t: (typeof settings)['zh']) => (v === 'true' ? t.on : v === 'false' ? t.off : v === '' ? t.blank : v)

/** Control edits one value by its kind; it saves on Enter or when left. */
function Control({ s, value, label, locked, onSave }: { s: Setting; value: string; label: string; locked: boolean; onSave: (v: string) => void }) {
  const t = useText(settings)
  const [v, setV] = useState(value)
  useEffect(() => setV(value), [value])
  if (s.kind === 'bool') return <Switch aria-label={label} checked={value === 'true'} disabled={locked} onChange={on => onSave(String(on))} />
  if (s.kind === 'choice') return <Select className="set-field" aria-label={label} value={value} disabled={locked} onChange={onSave} options={s.choices.map(c => ({ value: c, label: c }))} />
  if (s.kind === 'int') return <span className="row"><InputNumber className="set-int" aria-label={label} value={Number(v)} min={s.min || s.max ? s.min : undefined} max={s.min || s.max ? s.max : undefined} precision={0} disabled={locked} onChange={n => setV(String(n ?? ''))} onBlur={() => { if (v !== '') onSave(v) }} onPressEnter={() => { if (v !== '') onSave(v) }} />{(s.min !== 0 || s.max !== 0) && <small className="sub">{t.range(s.min, s.max)}</small>}</span>
  return <Input className={s.kind === 'time' ? 'clock' : 'set-field'} aria-label={label} value={v} maxLength={s.kind === 'time' ? 5 : 500} disabled={locked} onChange={e => setV(e.target.value)} onBlur={() => onSave(v.trim())} onPressEnter={() => onSave(v.trim())} />
}

function History({ s, departments, onClose }: { s: Setting; departments: Named[]; onClose: () => void }) {
  const t = useText(settings)
  const q = useQuery({ queryKey: ['setting', s.key, 'history'], queryFn: ({ signal }) => call('GET /api/v1/settings/{key}/history', { path: { key: s.key }, signal }) })
  return (
    <Drawer open onClose={onClose} size={460} title={`${t.history} · ${s.name}`}>
      {q.error && !q.data ? <Failure error={q.error} retry={() => void q.refetch()} /> : !q.data ? <PageSkeleton rows={4} /> : q.data.items.length === 0 ? <p className="sub">{t.historyNone}</p> : (
        <ul className="plain-list">{q.data.items.map((h, i) => <li key={i}><div className="row"><b>{t.was(say(h.old_value, t), say(h.new_value, t))}</b><span className="grow" /><small className="sub"><When at={h.at} time /></small></div><span className="sub">{h.by_name} · {h.department_id ? departments.find(d => d.id === h.department_id)?.name ?? h.department_id : t.hospital}</span></li>)}</ul>
      )}
    </Drawer>
  )
}
