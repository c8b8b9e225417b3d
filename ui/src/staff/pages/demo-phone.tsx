import { Button, Input } from 'antd'
import { ClockCircleOutlined, MobileOutlined, SendOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { call } from '../../api/call'
import '../../api/contract/demo'
import { dayOf, exact, relDay, timeOf } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { demo } from '../../lib/text/demo'
import { Empty, Failure, Initial, PageHeader, Panel, SearchBox, State, useFail, useUndo } from '../../lib/ui'
import { useSession } from '../session'
import './demo-phone.css'

/** The demo phones: read and answer as a patient would, and set the clock ahead. */
export default function DemoPhone() {
  const t = useText(demo)
  const { session } = useSession()
  const [text, setText] = useState<string>()
  const [number, setNumber] = useState<string>()
  const q = useQuery({ queryKey: ['demo', 'phones', text], enabled: session.demo, refetchInterval: 2_000, queryFn: ({ signal }) => call('GET /api/v1/demo/phones', { query: { text }, signal }) })
  if (!session.demo) return <div className="page"><PageHeader title={t.title} /><Panel><State icon={<MobileOutlined />} title={t.only} /></Panel></div>
  const items = q.data?.items ?? []
  const chosen = number ?? items[0]?.number
  return (
    <div className="page">
      <PageHeader title={t.title} />
      <p className="sub">{t.hint}</p>
      <div className="demo">
        <section className="panel demo-list" aria-label={t.phones}>
          <SearchBox value={text} onChange={v => { setText(v); setNumber(undefined) }} placeholder={t.search} />
          {q.error && !q.data ? <Failure error={q.error} retry={() => void q.refetch()} /> : q.data && items.length === 0 ? <Empty title={text ? t.noneHere : t.none} hint={text ? t.noneHereHint : t.noneHint} /> : (
            <ul>{items.map(p => (
              <li key={p.number}><button className={p.number === chosen ? 'on' : ''} aria-current={p.number === chosen ? 'true' : undefined} onClick={() => setNumber(p.number)}>
                <Initial name={p.name || p.number} size={34} />
                <span className="demo-line"><span className="row"><b>{p.name || p.number}</b><span className="grow" />{p.unread > 0 && <em className="dot" aria-label={t.unread(p.unread)}>{p.unread}</em>}</span><small className="sub">{p.last_text || p.number}</small></span>
              </button></li>
            ))}</ul>
          )}
        </section>
        {chosen ? <Phone key={chosen} number={chosen} /> : <Panel><State icon={<MobileOutlined />} title={t.choose} /></Panel>}
        <Clock />
      </div>
    </div>
  )
}

function Phone({ number }: { number: string }) {
  const t = useText(demo)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const end = useRef<HTMLLIElement>(null)
  const q = useQuery({ queryKey: ['demo', 'phone', number], refetchInterval: 2_000, queryFn: ({ signal }) => call('GET /api/v1/demo/phones/{number}', { path: { number }, signal }) })
  const items = [...(q.data?.items ?? [])].sort((a, b) => a.at.localeCompare(b.at))
  useEffect(() => { end.current?.scrollIntoView({ block: 'nearest' }) }, [items.length])
  const send = async (what: string) => {
    if (!what.trim() || busy) return
    setBusy(true)
    try { await call('POST /api/v1/demo/phones/{number}/reply', { path: { number }, body: { text: what.trim() } }); setText(''); undo(t.sent); void client.invalidateQueries({ queryKey: ['demo'] }) } catch (e) { fail(e) } finally { setBusy(false) }
  }
  let day = ''
  return (
    <section className="phone" aria-label={t.screen(q.data?.name ?? number)}>
      <header><b>{t.hospital}</b><small>{q.data?.name} {number}</small></header>
      {q.error && !q.data ? <Failure error={q.error} retry={() => void q.refetch()} /> : (
        <ol tabIndex={0} aria-live="polite" aria-label={t.screen(q.data?.name ?? number)}>
          {q.data && items.length === 0 && <li className="phone-day">{t.empty}</li>}
          {items.map((m, i) => {
            const d = dayOf(m.at)
            const head = d !== day
            day = d
            return <li key={i} ref={i === items.length - 1 ? end : undefined} className={m.direction === 'in' ? 'me' : 'them'}>{head && <span className="phone-day">{relDay(m.at)}</span>}<p>{m.text}</p><time dateTime={m.at}>{timeOf(m.at)}</time></li>
          })}
        </ol>
      )}
      <div className="quick" role="group" aria-label={t.quick}>{t.replies.map(r => <button key={r} disabled={busy} onClick={() => void send(r)}>{r}</button>)}</div>
      <form onSubmit={e => { e.preventDefault(); void send(text) }}><Input value={text} aria-label={t.input} placeholder={t.input} maxLength={300} onChange={e => setText(e.target.value)} /><Button htmlType="submit" type="primary" shape="circle" icon={<SendOutlined />} aria-label={t.send} loading={busy} disabled={!text.trim()} /></form>
    </section>
  )
}

function Clock() {
  const t = useText(demo)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const [busy, setBusy] = useState('')
  const q = useQuery({ queryKey: ['demo', 'clock'], refetchInterval: 10_000, queryFn: ({ signal }) => call('GET /api/v1/demo/clock', { signal }) })
  const ahead = async (minutes: string) => {
    setBusy(minutes)
    try { const { now } = await call('POST /api/v1/demo/clock', { body: { advance_minutes: Number(minutes) } }); undo(t.moved(exact(now))); client.setQueryData(['demo', 'clock'], { now }); client.setQueryData(['demo', 'ahead'], Date.parse(now) - Date.now()); window.setTimeout(() => void client.invalidateQueries(), 1500) } catch (e) { fail(e) } finally { setBusy('') }
  }
  return (
    <Panel title={t.clock} className="demo-clock">
      {q.error && !q.data ? <Failure error={q.error} retry={() => void q.refetch()} /> : <p className="demo-now"><ClockCircleOutlined /> <span>{t.now}<b>{q.data ? exact(q.data.now) : '…'}</b></span></p>}
      <div className="row" role="group" aria-label={t.ahead}><span className="sub">{t.ahead}</span>{Object.entries(t.steps).map(([m, label]) => <Button key={m} loading={busy === m} disabled={!!busy && busy !== m} onClick={() => void ahead(m)}>{label}</Button>)}</div>
      <p className="sub">{t.clockHint}</p>
    </Panel>
  )
}
