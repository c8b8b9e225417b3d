import { Button, Spin } from 'antd'
import { InboxOutlined, SnippetsOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRef, useState, type DragEvent } from 'react'
import { ApiError, call, request } from '../../api/call'
import type { FeedRow, Upload } from '../../api/contract/intake'
import { count } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { imports } from '../../lib/text/import'
import { intake } from '../../lib/text/intake'
import { Empty, Failure, PageHeader, Panel, SavedViews, State, StatusTag, useFail, When, type Tone } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { Records } from './intake/records'
import { Runs } from './intake/runs'
import { Tally } from './intake/tally'
import './part/form.css'
import './intake.css'

const tones: Record<FeedRow['state'], Tone> = { ok: 'ok', late: 'warn', error: 'bad', idle: 'idle' }
const maxBytes = 64 << 20

/** Intake: what comes in, how it is, and what a person has to decide (IN-01, PT-02, PT-03). */
export default function Intake() {
  const t = useText(intake)
  const w = useText(imports)
  const url = useUrl()
  const { may } = useSession()
  const view = url.one('view') ?? 'feeds'
  const feeds = useQuery({ queryKey: ['intake', 'feed'], refetchInterval: 10_000, queryFn: ({ signal }) => call('GET /api/v1/intake/feeds', { signal }) })
  const sum = (k: 'review' | 'rejected') => feeds.data && feeds.data.items.reduce((n, f) => n + f[k], 0)
  const pick = useRef<HTMLInputElement>(null)
  const up = useUpload()
  const reads = may('intake.record.read')
  return (
    <div className="page">
      <PageHeader title={t.title}>{may('intake.upload.import') && <><Link to="/intake/paste"><Button icon={<SnippetsOutlined />}>{w.paste}</Button></Link><Button type="primary" icon={<UploadOutlined />} loading={up.busy} onClick={() => pick.current?.click()}>{t.upload}</Button><input ref={pick} type="file" hidden accept=".csv,.txt,.xlsx,.hl7" aria-label={t.upload} onChange={e => { void up.take(e.target.files?.[0]); e.target.value = '' }} /></>}</PageHeader>
      <SavedViews views={[
        { key: 'feeds', label: t.views.feeds, search: {} }, { key: 'runs', label: t.views.runs, search: {} },
        ...(reads ? [{ key: 'review', label: t.views.review, search: {}, count: sum('review') && count(sum('review')), hot: true }, { key: 'rejected', label: t.views.rejected, search: {}, count: sum('rejected') && count(sum('rejected')) }] : []),
      ]} />
      {view === 'runs' ? <Runs /> : view === 'review' || view === 'rejected' ? <Records key={view} verdict={view} empty={<Empty title={view === 'review' ? t.noReview : t.noRejected} hint={view === 'review' ? t.noReviewHint : t.noRejectedHint} />} />
        : <div className="stack">
          {may('intake.upload.import') && <Drop busy={up.busy} onFile={f => void up.take(f)} onPick={() => pick.current?.click()} />}
          <Feeds query={feeds} />
        </div>}
    </div>
  )
}

function useUpload() {
  const t = useText(intake)
  const navigate = useNavigate()
  const fail = useFail()
  const [busy, setBusy] = useState(false)
  const take = async (file: File | undefined) => {
    if (!file || busy) return
    if (!/\.(csv|txt|xlsx|hl7)$/i.test(file.name)) { fail(refusal(t.uploadBad)); return }
    if (file.size > maxBytes) { fail(refusal(t.uploadBig)); return }
    setBusy(true)
    try {
      const body = new FormData()
      body.append('file', file)
      const answer = (await (await request('POST', '/api/v1/intake/uploads', { body })).json()) as Upload
      void navigate({ to: '/intake/uploads/$id', params: { id: answer.id } })
    } catch (e) { fail(e) } finally { setBusy(false) }
  }
  return { busy, take }
}

const refusal = (detail: string) => new ApiError(422, { detail })

function Drop({ busy, onFile, onPick }: { busy: boolean; onFile: (f: File | undefined) => void; onPick: () => void }) {
  const t = useText(intake)
  const [over, setOver] = useState(false)
  const drop = (e: DragEvent) => { e.preventDefault(); setOver(false); onFile(e.dataTransfer.files[0]) }
  return (
    <button className={'drop' + (over ? ' over' : '')} onClick={onPick} onDragOver={e => { e.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop} disabled={busy}>
      {busy ? <><Spin size="small" /><b>{t.uploading}</b></> : <><InboxOutlined /><b>{t.uploadHint}</b><span className="sub">{t.uploadTypes}</span></>}
    </button>
  )
}

function Feeds({ query: q }: { query: { data?: { items: FeedRow[] }; error: unknown; isPending: boolean; refetch: () => unknown } }) {
  const t = useText(intake)
  if (q.error && !q.data) return <Panel><Failure error={q.error} retry={() => void q.refetch()} /></Panel>
  if (!q.data) return <Panel><div aria-busy="true" className="sub">…</div></Panel>
  if (q.data.items.length === 0) return <Panel><State title={t.noFeeds} hint={t.noFeedsHint} /></Panel>
  return (
    <div className="feeds">
      {q.data.items.map(f => (
        <section className={'panel feed is-' + f.state} key={f.id} aria-label={f.name}>
          <h2>{f.name}<small>{t.kinds[f.kind] ?? f.kind}{f.address ? ` · ${f.address}` : ''}</small><span className="panel-extra"><StatusTag tone={tones[f.state] ?? 'idle'}>{t.feedStates[f.state] ?? f.state}</StatusTag></span></h2>
          <div className="row sub"><span>{t.lastRun} {f.last_run_at ? <When at={f.last_run_at} time /> : t.never}</span>{f.kind === 'mllp' && !!f.last_run_at && <span>{t.lag} {t.ms(f.lag_ms)}</span>}</div>
          <Tally counts={f} />
          {f.last_error && <p className="late">{f.last_error}</p>}
          {f.state === 'late' && <p className="soon">{t.lateHint}</p>}
          <div className="row">{f.review > 0 && <Link to="/intake" search={{ view: 'review', feed: f.id } as never}>{t.toReview} {count(f.review)}</Link>}{f.rejected > 0 && <Link to="/intake" search={{ view: 'rejected', feed: f.id } as never}>{t.showRejected} {count(f.rejected)}</Link>}</div>
        </section>
      ))}
    </div>
  )
}
