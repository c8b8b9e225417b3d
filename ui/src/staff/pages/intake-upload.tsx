import { Button, Radio, Select, Steps } from 'antd'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { ApiError, call, newKey } from '../../api/call'
import type { PreviewRow, Upload, UploadColumn, Verdict } from '../../api/contract/intake'
import { useDraft } from '../../lib/draft'
import { count } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { intake } from '../../lib/text/intake'
import { DataTable, Empty, Facts, Failure, PageHeader, PageSkeleton, Panel, State, StatusTag, useFail, useUndo, type Column } from '../../lib/ui'
import { Tally, VerdictTag } from './intake/tally'
import './part/form.css'
import './intake.css'

interface Choice { mapping: Record<string, string>; order: string }

/** One upload on its way in: columns, preview, write. Nothing is written before the last button (PT-03). */
export default function UploadPage() {
  const t = useText(intake)
  const { id } = useParams({ strict: false }) as { id: string }
  const q = useQuery({ queryKey: ['intake', 'upload', id], staleTime: Infinity, queryFn: ({ signal }) => call('GET /api/v1/intake/uploads/{id}', { path: { id }, signal }) })
  if (q.error && !q.data) return <div className="page">{q.error instanceof ApiError && q.error.status === 404 ? <State title={t.lost} action={<Button type="primary" href="/intake">{t.back}</Button>} /> : <Failure error={q.error} retry={() => void q.refetch()} />}</div>
  if (!q.data) return <PageSkeleton />
  return <Mapping key={id} up={q.data} />
}

function Mapping({ up }: { up: Upload }) {
  const t = useText(intake)
  const navigate = useNavigate()
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const draft = useDraft<Choice>('intake.upload.' + up.id)
  const [choice, setChoice] = useState<Choice>(draft.restored?.value ?? { mapping: Object.fromEntries(up.columns.map(c => [c.name, c.field])), order: '' })
  const [asked, setAsked] = useState<Choice | undefined>(up.columns.length === 0 ? choice : undefined)
  const [only, setOnly] = useState<Verdict>()
  const [busy, setBusy] = useState(false)
  const [key] = useState(newKey)
  const change = (patch: Partial<Choice>) => { const next = { ...choice, ...patch }; setChoice(next); draft.keep(next) }
  const stale = !!asked && JSON.stringify(asked) !== JSON.stringify(choice)
  const body = { mapping: asked?.mapping ?? {}, ...(asked?.order ? { date_order: asked.order } : {}) }
  const preview = useInfiniteQuery({
    queryKey: ['intake', 'preview', up.id, asked], enabled: !!asked, initialPageParam: '', staleTime: 60_000, retry: false,
    queryFn: ({ signal, pageParam }) => call('POST /api/v1/intake/uploads/{id}/preview', { path: { id: up.id }, body: { ...body, ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
    getNextPageParam: p => p.next || undefined,
  })
  const counts = preview.data?.pages[0]?.counts
  const items = (preview.data?.pages ?? []).flatMap(p => p.items).filter(i => !only || i.verdict === only)
  const writes = (counts?.new ?? 0) + (counts?.updated ?? 0) + (counts?.review ?? 0)
  const taken = Object.values(choice.mapping).filter(Boolean)
  const twice = new Set(taken.filter((f, i) => taken.indexOf(f) !== i))
  const noName = up.columns.length > 0 && up.fields.some(f => f.code === 'patient.name') && !taken.includes('patient.name')
  const blocked = twice.size > 0 || noName || (!!up.date_question && !choice.order)
  const apply = async () => {
    setBusy(true)
    try {
      const { run_id } = await call('POST /api/v1/intake/uploads/{id}/apply', { path: { id: up.id }, body, idempotencyKey: key })
      draft.drop()
      undo(t.started)
      void client.invalidateQueries({ queryKey: ['intake'] })
      void navigate({ to: '/intake/runs/$id', params: { id: run_id } })
    } catch (e) { fail(e); setBusy(false) }
  }
  const step = !asked || stale ? 0 : 1
  return (
    <div className="page">
      <PageHeader title={up.name} back={{ to: '/intake', label: t.back }} count={t.rows(count(up.rows))}>
        {step === 0
          ? <Button type="primary" disabled={blocked} onClick={() => setAsked(choice)}>{t.preview}</Button>
          : <Button type="primary" loading={busy} disabled={!counts || (counts.new ?? 0) + (counts.updated ?? 0) + (counts.review ?? 0) === 0} onClick={() => void apply()}>{counts && writes === 0 ? t.nothing : t.apply(counts ? count(up.rows) : '…')}</Button>}
      </PageHeader>
      <div className="stack">
        <Panel><Steps size="small" responsive={false} current={step} items={t.steps.map(title => ({ title }))} /></Panel>
        {up.date_question && <Panel className={choice.order ? '' : 'ask'} title={t.dateTitle}>
          <p className="sub">{t.dateHint(up.date_question.column)}</p>
          <Radio.Group aria-label={t.dateTitle} value={choice.order} onChange={e => change({ order: String(e.target.value) })}>
            <div className="stack">{up.date_question.options.map(o => <Radio key={o} value={o}><b>{t.dates[o] ?? o}</b> <span className="sub">{up.date_question!.examples.slice(0, 3).map(x => t.dateRead(x, read(x, o))).join(' · ')}</span></Radio>)}</div>
          </Radio.Group>
        </Panel>}
        {asked && <Panel title={t.preview} note={t.first}>
          {stale ? <p className="soon">{t.previewStale} <Button size="small" type="primary" disabled={blocked} onClick={() => setAsked(choice)}>{t.preview}</Button></p>
            : preview.error ? <Failure error={preview.error} retry={() => void preview.refetch()} />
              : counts ? <><Tally counts={counts} chosen={only} onPick={setOnly} /><p className="sub">{t.applyNote}</p></> : <p className="sub" role="status">{t.previewing}</p>}
        </Panel>}
        {asked && !stale && counts && <>
          <Rows items={items} only={only} />
          {preview.hasNextPage && <Button loading={preview.isFetchingNextPage} onClick={() => void preview.fetchNextPage()}>{t.more}</Button>}
        </>}
        {up.columns.length > 0 && <Panel title={t.mapping} note={t.mappingNote} extra={t.mappedN(taken.length, up.columns.length)}>
          {noName && <p className="fld-bad">{t.noName}</p>}
          <div className="map-head" aria-hidden="true"><span>{t.column}</span><span>{t.samples}</span><span>{t.field}</span></div>
          <ul className="map">{up.columns.map(c => <Line key={c.name} c={c} value={choice.mapping[c.name] ?? ''} fields={up.fields} twice={twice} onChange={f => change({ mapping: { ...choice.mapping, [c.name]: f } })} />)}</ul>
        </Panel>}
        <Panel><Facts items={[[t.fileKind, up.kind.toUpperCase()], [t.encoding, up.encoding], [t.fileRows, count(up.rows)]]} /></Panel>
      </div>
    </div>
  )
}

function Line({ c, value, fields, twice, onChange }: { c: UploadColumn; value: string; fields: Upload['fields']; twice: Set<string>; onChange: (f: string) => void }) {
  const t = useText(intake)
  const clash = !!value && twice.has(value)
  const touched = value !== c.field
  return (
    <li className={!c.sure && !touched ? 'doubt' : ''}>
      <b>{c.name}</b>
      <span className="sub samples">{c.samples.slice(0, 3).join(' · ')}</span>
      <span className="row"><Select className="map-pick" aria-label={`${t.field} ${c.name}`} status={clash ? 'error' : undefined} showSearch={{ optionFilterProp: 'label' }} value={value} onChange={onChange} options={[{ value: '', label: t.ignore }, ...fields.map(f => ({ value: f.code, label: f.label }))]} />
        {clash ? <StatusTag tone="bad">{t.twice}</StatusTag> : value && (c.sure || touched) ? <StatusTag tone="ok">{t.sure}</StatusTag> : !c.sure && value ? <StatusTag tone="warn">{t.unsure}</StatusTag> : null}</span>
    </li>
  )
}

function Rows({ items, only }: { items: PreviewRow[]; only?: Verdict }) {
  const t = useText(intake)
  const columns = useMemo<Column<PreviewRow>[]>(() => [
    { key: 'ref', title: t.col.ref, fixedIn: true, render: (_, r) => r.ref },
    { key: 'name', title: t.col.patient, render: (_, r) => <b>{r.name || '—'}</b> },
    { key: 'verdict', title: t.col.verdict, render: (_, r) => <VerdictTag v={r.verdict} /> },
    { key: 'key', title: t.col.key, render: (_, r) => r.key ? t.keys[r.key] ?? r.key : <span className="sub">—</span> },
    { key: 'reason', title: t.col.reason, render: (_, r) => because(r) || <span className="sub">—</span> },
    { key: 'changes', title: t.col.changes, render: (_, r) => (r.changes ?? []).length > 0 ? <ul className="changes">{r.changes.map(c => <li key={c.field}>{t.changeOf(fieldName(t.fields, c.field), c.from || t.blank, c.to || t.blank)}</li>)}</ul> : <span className="sub">—</span> },
  ], [t])
  return <DataTable id="intake.preview" whole query={{ data: { items }, error: null, isPending: false, refetch: () => undefined }} columns={columns} rowKey={r => r.ref} label={t.preview} empty={<Empty title={only ? t.previewNone : t.nothing} />}
    card={r => <div className="plain-card"><span className="row"><b>{r.name || r.ref}</b><span className="grow" /><VerdictTag v={r.verdict} /></span><span className="sub">{[r.key && (t.keys[r.key] ?? r.key), because(r)].filter(Boolean).join(' · ')}</span></div>} />
}

/** because is the reason in words, with what was found in single fields. */
const because = (r: PreviewRow) => [r.reason, ...(r.reasons ?? []).map(x => [x.field, x.text].filter(Boolean).join(' '))].filter(Boolean).join(' · ')

/** fieldName writes "patient.mobile" as people say it. */
export const fieldName = (names: Record<string, string>, field: string) => names[field] ?? names[field.replace(/^.*\./, '')] ?? field

/** read shows how a date would be understood. */
function read(x: string, order: string): string {
  const p = x.split(/[^0-9]+/).filter(Boolean)
  if (p.length < 3 || p[0]!.length === 4) return x // year first can only be read one way
  const [a, b, c] = p as [string, string, string]
  const [y, m, d] = order === 'dmy' ? [c, b, a] : order === 'mdy' ? [c, a, b] : [a, b, c]
  return `${y.length === 2 ? '20' + y : y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`
}
