import { Button, Spin } from 'antd'
import { DatabaseOutlined, InboxOutlined, SnippetsOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRef, useState, type DragEvent } from 'react'
import { ApiError, call, request } from '../../api/call'
import type { Upload } from '../../api/contract/intake'
import { count } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { feed } from '../../lib/text/feed'
import { imports } from '../../lib/text/import'
import { intake } from '../../lib/text/intake'
import { Empty, PageHeader, SavedViews, useFail } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { Feeds } from './intake/feeds'
import { Hooks } from './intake/hooks'
import { Records } from './intake/records'
import { Runs } from './intake/runs'
import './part/form.css'
import './intake.css'

const maxBytes = 64 << 20

/** Intake: what comes in, how it is, and what a person has to decide (IN-01, PT-02, PT-03). */
export default function Intake() {
  const t = useText(intake)
  const w = useText(imports)
  const f = useText(feed)
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
      <PageHeader title={t.title}>{may('intake.feed.update') && <Link to="/intake/pull"><Button icon={<DatabaseOutlined />}>{f.connect}</Button></Link>}{may('intake.upload.import') && <><Link to="/intake/paste"><Button icon={<SnippetsOutlined />}>{w.paste}</Button></Link><Button type="primary" icon={<UploadOutlined />} loading={up.busy} onClick={() => pick.current?.click()}>{t.upload}</Button><input ref={pick} type="file" hidden accept=".csv,.txt,.xlsx,.hl7,.json,.ndjson,.xml" aria-label={t.upload} onChange={e => { void up.take(e.target.files?.[0]); e.target.value = '' }} /></>}</PageHeader>
      <SavedViews views={[
        { key: 'feeds', label: t.views.feeds, search: {} }, { key: 'runs', label: t.views.runs, search: {} },
        ...(reads ? [{ key: 'review', label: t.views.review, search: {}, count: sum('review') && count(sum('review')), hot: true }, { key: 'rejected', label: t.views.rejected, search: {}, count: sum('rejected') && count(sum('rejected')) }] : []),
      ]} />
      {view === 'runs' ? <Runs /> : view === 'review' || view === 'rejected' ? <Records key={view} verdict={view} empty={<Empty title={view === 'review' ? t.noReview : t.noRejected} hint={view === 'review' ? t.noReviewHint : t.noRejectedHint} />} />
        : <div className="stack">
          {may('intake.upload.import') && <Drop busy={up.busy} onFile={f => void up.take(f)} onPick={() => pick.current?.click()} />}
          <Feeds query={feeds} />
          <Hooks />
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
    if (!/\.(csv|txt|xlsx|hl7|json|ndjson|xml)$/i.test(file.name)) { fail(refusal(t.uploadBad)); return }
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
