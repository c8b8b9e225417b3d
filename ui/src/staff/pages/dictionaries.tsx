import { Button, Dropdown, Input, Modal, Select, Switch } from 'antd'
import { BookOutlined, DownOutlined, MoreOutlined, PlusOutlined, UpOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../api/call'
import '../../api/contract/custom'
import type { Entry } from '../../api/contract/custom'
import { count, totalOf } from '../../lib/format'
import { useLanguage, useText } from '../../lib/i18n'
import { common } from '../../lib/text/common'
import { dictionaries as words } from '../../lib/text/dictionaries'
import { useUrl } from '../../lib/url'
import { Failure, IconButton, PageHeader, PageSkeleton, Panel, State, StatusTag, useFail, useUndo, When } from '../../lib/ui'
import { found, useDictionary } from '../custom'
import { useSession } from '../session'
import './fields.css'
import './part/form.css'

/** Dictionaries are the lists of words that a hospital edits (SY-09). */
export default function Dictionaries() {
  const t = useText(words)
  const url = useUrl()
  const q = useQuery({ queryKey: ['setting', 'dictionaries'], staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/dictionaries', { signal }) })
  if (q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!q.data) return <PageSkeleton />
  const all = q.data.items
  const at = all.find(d => d.name === url.one('dict')) ?? all[0]
  return (
    <div className="page">
      <PageHeader title={t.title} />
      <p className="sub">{t.intro}</p>
      <div className="dict">
        <nav className="dict-nav" aria-label={t.nav}>{all.map(d => <button key={d.name} aria-current={d === at || undefined} onClick={() => url.set({ dict: d.name })}>{d.title}</button>)}</nav>
        {at && <Words key={at.name} dictionary={at} />}
      </div>
    </div>
  )
}

function Words({ dictionary: d }: { dictionary: { name: string; title: string; levels: boolean } }) {
  const t = useText(words)
  const c = useText(common)
  const lang = useLanguage()
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const { may } = useSession()
  const [off, setOff] = useState(false)
  const [edited, setEdited] = useState<Entry | 'new'>()
  const [merging, setMerging] = useState<Entry>()
  const dict = useDictionary(d.name)
  const edits = may('setting.dictionary.update')
  const merges = useQuery({ queryKey: ['setting', 'dictionary', d.name, 'merges'], enabled: edits, queryFn: ({ signal }) => call('GET /api/v1/dictionaries/{name}/merges', { path: { name: d.name }, signal }), refetchInterval: x => (x.state.data?.items.some(m => m.state === 'running' || m.state === 'undoing') ? 1000 : false) })
  const own = (e: Entry) => (lang === 'en' && e.en ? e.en : e.zh)
  const shown = dict.entries.filter(e => off || (e.active && !e.merged_into))
  const under = (code: string) => shown.filter(e => e.parent === code)
  const rows = shown.filter(e => !e.parent || !shown.some(x => x.code === e.parent)).flatMap(e => [e, ...under(e.code)])
  const fresh = () => client.invalidateQueries({ queryKey: ['setting', 'dictionary', d.name] })
  const turn = async (e: Entry, active: boolean, back = false): Promise<void> => {
    try {
      const now = await call('PATCH /api/v1/dictionary-entries/{id}', { path: { id: e.id }, body: { version: e.version, active } })
      await fresh()
      if (!back) undo(active ? t.restored(own(e)) : t.retired(own(e)), () => void turn(now, !active, true))
    } catch (x) { fail(x); void fresh() }
  }
  const move = async (e: Entry, by: number) => {
    const peers = shown.filter(x => x.parent === e.parent)
    const other = peers[peers.indexOf(e) + by]
    if (!other) return
    const codes = dict.entries.map(x => x.code)
    const [a, b] = [codes.indexOf(e.code), codes.indexOf(other.code)]
    ;[codes[a], codes[b]] = [other.code, e.code]
    try { await call('POST /api/v1/dictionaries/{name}/arrange', { path: { name: d.name }, body: { codes } }); await fresh() } catch (x) { fail(x) }
  }
  const back = async (id: string) => {
    try { await call('POST /api/v1/dictionary-merges/{id}/undo', { path: { id } }); undo(t.undone); await fresh() } catch (x) { fail(x) }
  }
  return (
    <div className="stack">
      <Panel title={d.title} note={t.count(dict.entries.filter(e => e.active && !e.merged_into).length)} extra={<span className="row"><label className="row"><Switch size="small" checked={off} onChange={setOff} aria-label={t.showOff} />{t.showOff}</label>{edits && <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>{t.add}</Button>}</span>}>
        {rows.length === 0 ? <State icon={<BookOutlined />} title={t.none} hint={t.noneHint} /> : (
          <ul className="fd-list">{rows.map(e => (
            <li key={e.id} className={(e.parent ? 'second ' : '') + (e.active && !e.merged_into ? '' : 'off')}>
              {edits && <span className="fd-move"><IconButton icon={<UpOutlined />} label={t.up(own(e))} disabled={e === shown.filter(x => x.parent === e.parent)[0]} onClick={() => void move(e, -1)} /><IconButton icon={<DownOutlined />} label={t.down(own(e))} disabled={e === shown.filter(x => x.parent === e.parent).at(-1)} onClick={() => void move(e, 1)} /></span>}
              <span className="fd-name"><b>{own(e)}</b></span>
              <span className="sub">{lang === 'en' ? e.zh : e.en}</span>
              <span className="grow" />
              {e.merged_into ? <StatusTag tone="idle">{t.merged(dict.label(e.merged_into))}</StatusTag> : !e.active && <StatusTag tone="idle">{t.off}</StatusTag>}
              {edits && !e.merged_into && <Dropdown trigger={['click']} menu={{ items: [
                { key: 'edit', label: t.edit, onClick: () => setEdited(e) },
                { key: 'turn', label: e.active ? t.retire : t.restore, onClick: () => void turn(e, !e.active) },
                { key: 'merge', label: t.merge, onClick: () => setMerging(e) },
              ] }}><Button type="text" size="small" aria-label={`${c.more} ${own(e)}`} icon={<MoreOutlined />} /></Dropdown>}
            </li>
          ))}</ul>
        )}
      </Panel>
      {(merges.data?.items.length ?? 0) > 0 && (
        <Panel title={t.history}>
          <ul className="fd-list">{merges.data?.items.map(m => {
            const name = (code: string) => { const e = dict.entries.find(x => x.code === code); return e ? own(e) : code }
            return <li key={m.id}><b>{name(m.from_code)} → {name(m.into_code)}</b><StatusTag tone={m.state === 'done' ? 'ok' : m.state === 'undone' ? 'idle' : 'wait'}>{t.states[m.state]}</StatusTag><span className="sub">{t.moved(count(m.moved))} · {m.by_name} · <When at={m.at} time /></span><span className="grow" />{m.state === 'done' && <Button size="small" type="link" onClick={() => void back(m.id)}>{t.undo}</Button>}</li>
          })}</ul>
        </Panel>
      )}
      {edited && <Editor dictionary={d} entry={edited === 'new' ? undefined : edited} tops={dict.entries.filter(e => !e.parent && e.active && !e.merged_into)} onClose={() => setEdited(undefined)} />}
      {merging && <Merge dictionary={d.name} entry={merging} onClose={() => setMerging(undefined)} />}
    </div>
  )
}

function Editor({ dictionary: d, entry, tops, onClose }: { dictionary: { name: string; levels: boolean }; entry?: Entry; tops: Entry[]; onClose: () => void }) {
  const t = useText(words)
  const c = useText(common)
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const [v, setV] = useState({ zh: entry?.zh ?? '', en: entry?.en ?? '', code: entry?.code ?? '', parent: entry?.parent ?? '' })
  const [bad, setBad] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      if (entry) await call('PATCH /api/v1/dictionary-entries/{id}', { path: { id: entry.id }, body: { version: entry.version, zh: v.zh, en: v.en, parent: v.parent } })
      else await call('POST /api/v1/dictionaries/{name}', { path: { name: d.name }, body: v })
      await client.invalidateQueries({ queryKey: ['setting', 'dictionary', d.name] })
      undo(t.saved(v.zh))
      onClose()
    } catch (e) {
      if (e instanceof ApiError && e.fields.length) setBad(Object.fromEntries(e.fields.map(x => [x.field, x.message])))
      else fail(e)
    } finally { setBusy(false) }
  }
  const line = (key: 'zh' | 'en' | 'code', hint?: string, off?: boolean) => <div className="fld"><label htmlFor={'de-' + key}>{t[key]}{hint && <small> {hint}</small>}</label><Input id={'de-' + key} autoFocus={key === 'zh'} value={v[key]} disabled={off} maxLength={60} status={bad[key] ? 'error' : undefined} onChange={e => { setV({ ...v, [key]: e.target.value }); setBad({}) }} onPressEnter={() => void save()} />{bad[key] && <span className="fld-bad" role="alert">{bad[key]}</span>}</div>
  return (
    <Modal open title={entry ? t.edit : t.add} okText={c.save} cancelText={c.cancel} width={440} confirmLoading={busy} okButtonProps={{ disabled: !v.zh.trim() }} onOk={save} onCancel={onClose}>
      <div className="stack">
        {line('zh')}{line('en')}{line('code', t.codeHint, !!entry)}
        {d.levels && <div className="fld"><label htmlFor="de-parent">{t.parent}</label><Select id="de-parent" value={v.parent} onChange={x => setV({ ...v, parent: x })} options={[{ value: '', label: t.top }, ...tops.filter(e => e.code !== entry?.code).map(e => ({ value: e.code, label: e.zh }))]} />{bad.parent && <span className="fld-bad" role="alert">{bad.parent}</span>}</div>}
      </div>
    </Modal>
  )
}

/** Merge says how many records will change before it is done. */
function Merge({ dictionary, entry, onClose }: { dictionary: string; entry: Entry; onClose: () => void }) {
  const t = useText(words)
  const c = useText(common)
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const dict = useDictionary(dictionary)
  const [into, setInto] = useState<string>()
  const [busy, setBusy] = useState(false)
  const used = useQuery({ queryKey: ['setting', 'dictionary', dictionary, 'usage', entry.code], queryFn: ({ signal }) => call('POST /api/v1/dictionaries/{name}/usage', { path: { name: dictionary }, body: { code: entry.code }, signal }) })
  const sum = used.data?.items.reduce((a, x) => ({ value: a.value + x.total.value, exact: a.exact && x.total.exact }), { value: 0, exact: true })
  const go = async () => {
    if (!into) return
    setBusy(true)
    try {
      const m = await call('POST /api/v1/dictionaries/{name}/merge', { path: { name: dictionary }, body: { from: entry.code, into } })
      await client.invalidateQueries({ queryKey: ['setting', 'dictionary', dictionary] })
      undo(t.mergeDone(entry.zh, dict.label(m.into_code)))
      onClose()
    } catch (e) { fail(e) } finally { setBusy(false) }
  }
  return (
    <Modal open title={t.mergeTitle(entry.zh)} okText={t.mergeGo} cancelText={c.cancel} width={440} confirmLoading={busy} okButtonProps={{ disabled: !into }} onOk={go} onCancel={onClose}>
      <div className="stack">
        <p className="sub" aria-live="polite">{sum && (sum.value ? t.used(totalOf(sum)) : t.unused)}</p>
        <Select autoFocus aria-label={t.mergeInto} placeholder={t.mergeInto} showSearch={{ filterOption: found }} value={into} onChange={setInto} options={dict.options.filter(o => o.value !== entry.code)} />
      </div>
    </Modal>
  )
}
