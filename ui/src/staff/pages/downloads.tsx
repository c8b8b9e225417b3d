import { Button, Input, Progress } from 'antd'
import { CloudDownloadOutlined, DeleteOutlined, DownloadOutlined, FileExcelOutlined, FileTextOutlined, SearchOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { call, request } from '../../api/call'
import '../../api/contract/custom'
import type { Export } from '../../api/contract/custom'
import { bytes, count, duration, exact, now, relDay } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { prefsFile, takePrefs } from '../../lib/prefs'
import { downloads } from '../../lib/text/downloads'
import { Failure, IconButton, PageHeader, PageSkeleton, Panel, State, StatusTag, useFail, useUndo, When } from '../../lib/ui'
import { useSession } from '../session'
import { useLive } from '../live/live'
import './downloads.css'

type Row = Export & { problem: string }
const open = (e: Row) => e.state === 'waiting' || e.state === 'running'
const tone = { waiting: 'wait', running: 'info', done: 'ok', failed: 'bad', cancelled: 'idle', expired: 'idle' } as const

/** Downloads is one's tray of exported files, with live progress, and what one arranged for oneself. */
export default function Downloads() {
  const t = useText(downloads)
  const client = useQueryClient()
  const { may } = useSession()
  const q = useQuery({ queryKey: ['view', 'exports'], queryFn: ({ signal }) => call('GET /api/v1/exports', { signal }), refetchInterval: x => (x.state.data?.items.some(open) ? 1000 : false) })
  useLive('view.exported', () => void client.invalidateQueries({ queryKey: ['view', 'exports'] }))
  return (
    <div className="page">
      <PageHeader title={t.title} count={q.data ? t.count(q.data.items.length) : ''} />
      <p className="sub">{t.note}</p>
      {q.error && !q.data ? <Failure error={q.error} retry={() => void q.refetch()} /> : !q.data ? <PageSkeleton rows={4} /> : q.data.items.length === 0
        ? <Panel><State icon={<CloudDownloadOutlined />} title={t.empty} hint={t.emptyHint} action={may('patient.patient.read') && <Link to="/patients"><Button type="primary" tabIndex={-1}>{t.goPatients}</Button></Link>} /></Panel>
        : <ul className="tray">{q.data.items.map(e => <TrayRow key={e.id} e={e} />)}</ul>}
      {may('view.export.read') && <Trace />}
      <Mine />
    </div>
  )
}

function TrayRow({ e }: { e: Row }) {
  const t = useText(downloads)
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const [busy, setBusy] = useState(false)
  const fresh = () => client.invalidateQueries({ queryKey: ['view', 'exports'] })
  const name = `${t.sources[e.source] ?? e.source}.${e.format}`
  const fetchFile = async () => {
    setBusy(true)
    try {
      save(await (await request('GET', `/api/v1/exports/${e.id}/file`)).blob(), `${t.sources[e.source] ?? e.source}-${exact(e.created_at).slice(0, 10)}.${e.format}`)
      await fresh()
    } catch (x) { fail(x) } finally { setBusy(false) }
  }
  const act = (what: Promise<unknown>, say: string) => void what.then(() => { undo(say); return fresh() }).catch(fail)
  const took = e.started_at ? (now() - Date.parse(e.started_at)) / 1000 : 0
  const rate = took > 0.5 ? e.done / took : 0
  return (
    <li className="panel tray-row">
      <span className="tray-icon" aria-hidden="true">{e.format === 'xlsx' ? <FileExcelOutlined /> : <FileTextOutlined />}</span>
      <div className="tray-what">
        <b>{name} <StatusTag tone={tone[e.state]}>{t.states[e.state]}</StatusTag>{e.unmasked && <StatusTag tone="warn">{t.unmasked}</StatusTag>}</b>
        <span className="sub">{t.reason}：{e.reason} · {t.scope}：{e.words} · <When at={e.created_at} time /></span>
        {open(e) && <>
          <Progress percent={e.total > 0 ? Math.min(99, Math.floor((e.done / e.total) * 100)) : 0} status="active" size="small" showInfo={e.total > 0} aria-label={name} />
          <span className="sub" aria-live="off">{e.total > 0 ? t.of(count(e.done), count(e.total)) : t.rows(count(e.done))}{rate > 0 && ` · ${t.rate(count(Math.round(rate)))}`}{rate > 0 && e.total > e.done && ` · ${t.left(duration((e.total - e.done) / rate))}`}</span>
        </>}
        {e.state === 'done' && <span className="sub">{t.rows(count(e.done))} · {bytes(e.size)} · {t.fetched(e.downloads)} · {t.until(relDay(e.expires_at))}</span>}
        {e.problem && <span className="fld-bad">{e.problem}</span>}
      </div>
      <div className="row">
        {e.state === 'done' && <Button type="primary" icon={<DownloadOutlined />} loading={busy} onClick={() => void fetchFile()}>{t.fetch}</Button>}
        {open(e) && <Button onClick={() => act(call('POST /api/v1/exports/{id}/cancel', { path: { id: e.id } }), t.cancelled)}>{t.cancel}</Button>}
        {!open(e) && <IconButton icon={<DeleteOutlined />} label={`${t.remove} ${name}`} onClick={() => act(call('DELETE /api/v1/exports/{id}', { path: { id: e.id } }), t.removed)} />}
      </div>
    </li>
  )
}

/** save hands a file to the browser. */
export function save(content: Blob, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** Trace tells from whose export a leaked row came. */
function Trace() {
  const t = useText(downloads)
  const fail = useFail()
  const [word, setWord] = useState('')
  const [found, setFound] = useState<(Export & { owner: string })[]>([])
  const go = async () => {
    if (!word.trim()) return
    setFound([])
    try { setFound((await call('POST /api/v1/exports/trace', { body: { text: word.trim() } })).items) } catch (e) { fail(e) }
  }
  return (
    <Panel title={t.trace.title} note={t.trace.note}>
      <div className="trace"><Input aria-label={t.trace.label} placeholder={t.trace.label} value={word} onChange={e => setWord(e.target.value)} onPressEnter={() => void go()} /><Button icon={<SearchOutlined />} disabled={!word.trim()} onClick={() => void go()}>{t.trace.go}</Button></div>
      <ul className="plain-list" aria-live="polite">{found.map(e => <li key={e.id}><b>{t.trace.found(e.owner, exact(e.created_at))}</b> <span className="sub">{t.rows(count(e.done))} · {t.reason}：{e.reason} · {e.id}</span></li>)}</ul>
    </Panel>
  )
}

/** Mine takes one's arrangements along and brings them back. */
function Mine() {
  const t = useText(downloads)
  const undo = useUndo()
  const fail = useFail()
  const input = useRef<HTMLInputElement>(null)
  const load = async (file: globalThis.File | undefined) => {
    if (!file) return
    try {
      const n = await takePrefs(await file.text())
      undo(n < 0 ? t.mine.wrong : t.mine.taken(n))
    } catch (e) { fail(e) }
    if (input.current) input.current.value = ''
  }
  return (
    <Panel title={t.mine.title} note={t.mine.note}>
      <div className="row">
        <Button icon={<DownloadOutlined />} onClick={() => void prefsFile().then(x => save(new Blob([x], { type: 'application/json' }), 'renxin-preferences.json')).catch(fail)}>{t.mine.save}</Button>
        <Button icon={<UploadOutlined />} onClick={() => input.current?.click()}>{t.mine.load}</Button>
        <input ref={input} type="file" accept="application/json,.json" hidden aria-label={t.mine.load} onChange={e => void load(e.target.files?.[0])} />
      </div>
    </Panel>
  )
}
