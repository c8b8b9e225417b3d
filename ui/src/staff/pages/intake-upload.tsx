import { Button, Steps } from 'antd'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError, call, newKey } from '../../api/call'
import type { ReadBody, Upload } from '../../api/contract/intake'
import { useDraft } from '../../lib/draft'
import { count } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { imports } from '../../lib/text/import'
import { Failure, PageHeader, PageSkeleton, Panel, State, useFail, useUndo } from '../../lib/ui'
import { Columns } from './intake/columns'
import { Preview } from './intake/preview'
import { Questions, unanswered } from './intake/questions'
import { Source } from './intake/source'
import './part/form.css'
import './intake.css'

/** Choice is everything a person says about one file; it survives a reload. */
export interface Choice { step: number; mapping?: Record<string, string>; order: string; encoding: string; sheet: string; issuer: string; departments: Record<string, string>; saveAs: string }

/** One file on its way in: how it is read, its columns, what must be asked, what would happen, then writing. Nothing is written before the last button (PT-03, IN-05). */
export default function UploadPage() {
  const t = useText(imports)
  const { id } = useParams({ strict: false }) as { id: string }
  return <Wizard key={id} id={id} lost={<State title={t.lost} action={<Button type="primary" href="/intake">{t.back}</Button>} />} />
}

function Wizard({ id, lost }: { id: string; lost: React.ReactNode }) {
  const t = useText(imports)
  const navigate = useNavigate()
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const draft = useDraft<Choice>('intake.upload.' + id)
  const [choice, setChoice] = useState<Choice>(() => ({ step: 0, order: '', encoding: '', sheet: '', issuer: '', departments: {}, saveAs: '', ...draft.restored?.value }))
  const [busy, setBusy] = useState(false)
  const [key] = useState(newKey)
  const change = (patch: Partial<Choice>) => setChoice(old => { const next = { ...old, ...patch }; draft.keep(next); return next })
  // The columns depend on how the file is read, the questions on the columns: the server reads it anew when these change.
  const reading: ReadBody = { ...(choice.encoding ? { encoding: choice.encoding } : {}), ...(choice.sheet ? { sheet: choice.sheet } : {}), ...(choice.issuer ? { issuer: choice.issuer } : {}), ...(choice.mapping ? { mapping: choice.mapping } : {}) }
  const q = useQuery({ queryKey: ['intake', 'upload', id, reading], staleTime: Infinity, placeholderData: keepPreviousData, queryFn: ({ signal }) => call('POST /api/v1/intake/uploads/{id}/read', { path: { id }, body: reading, signal }) })
  if (q.error && !q.data) return <div className="page">{q.error instanceof ApiError && q.error.status === 404 ? lost : <Failure error={q.error} retry={() => void q.refetch()} />}</div>
  if (!q.data) return <PageSkeleton />
  const up: Upload = q.data
  const mapping = choice.mapping ?? Object.fromEntries(up.columns.map(c => [c.name, c.field]))
  const taken = Object.values(mapping).filter(Boolean)
  const twice = new Set(taken.filter((f, i) => taken.indexOf(f) !== i && !shared.has(f)))
  const noName = up.columns.length > 0 && !taken.includes('patient.name') && !taken.some(f => f.startsWith('patient.') && f !== 'patient.sex')
  const order = choice.order || up.date_order
  const open = unanswered(up, order, choice.departments)
  const last = up.columns.length === 0 ? [0, 3] : [0, 1, 2, 3]
  const step = last.includes(choice.step) ? choice.step : 0
  const blocked = q.isPlaceholderData || step >= 1 && (twice.size > 0 || noName) || step >= 2 && open > 0
  const go = (d: 1 | -1) => { const i = last.indexOf(step) + d; change({ step: last[i] ?? step }) }
  const body: ReadBody = { ...reading, mapping, ...(order ? { date_order: order } : {}), departments: Object.fromEntries(Object.entries(choice.departments).map(([w, c]) => [w, c === '-' ? '' : c])) }
  const apply = async () => {
    setBusy(true)
    try {
      const { run_id } = await call('POST /api/v1/intake/uploads/{id}/apply', { path: { id }, body: { ...body, ...(choice.saveAs.trim() ? { save_as: choice.saveAs.trim() } : {}) }, idempotencyKey: key })
      draft.drop()
      undo(t.started)
      void client.invalidateQueries({ queryKey: ['intake', 'run'] })
      void navigate({ to: '/intake/runs/$id', params: { id: run_id } })
    } catch (e) { fail(e); setBusy(false) }
  }
  return (
    <div className="page">
      <PageHeader title={up.name} back={{ to: '/intake', label: t.back }} count={t.rowsN(count(up.rows))}>
        {step > 0 && <Button onClick={() => go(-1)}>{t.prev}</Button>}
        {step < 3
          ? <Button type="primary" disabled={blocked} onClick={() => go(1)}>{last[last.indexOf(step) + 1] === 3 ? t.toPreview : t.next}</Button>
          : <Button type="primary" loading={busy} disabled={blocked} onClick={() => void apply()}>{t.apply(count(up.rows))}</Button>}
      </PageHeader>
      <div className="stack">
        <Panel><Steps size="small" responsive={false} current={step} onChange={s => { if (s <= step && last.includes(s)) change({ step: s }) }} items={t.steps.map(title => ({ title }))} /></Panel>
        {step === 0 && <Source up={up} choice={choice} busy={q.isPlaceholderData} onChange={change} />}
        {step === 1 && <Columns up={up} mapping={mapping} twice={twice} noName={noName} choice={choice} onChange={change} />}
        {step === 2 && <Questions up={up} order={order} choice={choice} onChange={change} />}
        {step === 3 && <Preview id={id} body={body} />}
      </div>
    </div>
  )
}

/** Fields that several columns may feed. */
const shared = new Set(['patient.mobile', 'patient.phone', 'patient.relative_phone', 'diagnosis.name'])
