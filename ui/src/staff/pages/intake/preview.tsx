import { Button } from 'antd'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '../../../api/call'
import type { PreviewRow, ReadBody, Verdict } from '../../../api/contract/intake'
import { count } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { imports } from '../../../lib/text/import'
import { intake } from '../../../lib/text/intake'
import { DataTable, Empty, Failure, Panel, type Column } from '../../../lib/ui'
import { Tally, VerdictTag } from './tally'

/** Preview shows what writing would do, row by row, with the key that matched, the changes and the reasons. */
export function Preview({ id, body }: { id: string; body: ReadBody }) {
  const t = useText(imports)
  const w = useText(intake)
  const [only, setOnly] = useState<Verdict | 'warned'>()
  const q = useInfiniteQuery({
    queryKey: ['intake', 'preview', id, body, only], initialPageParam: '', staleTime: 60_000, retry: false, placeholderData: keepPreviousData,
    queryFn: ({ signal, pageParam }) => call('POST /api/v1/intake/uploads/{id}/preview', { path: { id }, body: { ...body, ...(only ? { verdict: only } : {}), ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
    getNextPageParam: p => p.next || undefined,
  })
  const columns = useMemo<Column<PreviewRow>[]>(() => [
    { key: 'ref', title: t.col.ref, fixedIn: true, render: (_, r) => r.ref.replace(/^R/, '') },
    { key: 'name', title: t.col.patient, render: (_, r) => <b>{r.name || '—'}</b> },
    { key: 'verdict', title: t.col.verdict, render: (_, r) => <VerdictTag v={r.verdict} /> },
    { key: 'key', title: t.col.key, render: (_, r) => r.key ? w.keys[r.key] ?? r.key : <span className="sub">—</span> },
    { key: 'reason', title: t.col.reason, width: 340, render: (_, r) => r.reason ? <span className={r.verdict === 'rejected' || r.verdict === 'review' ? '' : 'soon'}>{r.reason}</span> : <span className="sub">—</span> },
    { key: 'changes', title: t.col.changes, width: 300, render: (_, r) => r.changes.length + r.also.length > 0 ? <ul className="changes">{r.changes.map((c, i) => <li key={i}>{t.changeOf(w.fields[c.field] ?? c.field, c.from || t.blank, c.to || t.blank)}</li>)}{r.also.length > 0 && <li className="sub">{r.also.map(a => t.also[a] ?? w.fields[a] ?? a).join(t.comma)}</li>}</ul> : <span className="sub">—</span> },
  ], [t, w])
  const first = q.data?.pages[0]
  if (q.error) return <Panel title={t.preview}><Failure error={q.error} retry={() => void q.refetch()} /></Panel>
  if (!first) return <Panel title={t.preview}><p className="sub" role="status">{t.previewing}</p></Panel>
  const items = (q.data?.pages ?? []).flatMap(p => p.items)
  return (
    <>
      <Panel title={t.preview} note={first.judged < first.total ? t.firstOf(count(first.judged), count(first.total)) : t.previewNote}>
        <Tally counts={first.counts} warned={first.warned} chosen={only} onPick={setOnly} />
        <p className="sub">{t.applyNote}</p>
      </Panel>
      <DataTable id="intake.preview" whole query={{ data: { items }, error: null, isPending: false, refetch: () => undefined }} columns={columns} rowKey={r => r.ref} label={t.preview} empty={<Empty title={only ? t.none : t.nothing} />}
        card={r => <div className="plain-card"><span className="row"><b>{r.name || r.ref}</b><span className="grow" /><VerdictTag v={r.verdict} /></span><span className="sub">{[r.key && (w.keys[r.key] ?? r.key), r.reason].filter(Boolean).join(' · ')}</span></div>} />
      {q.hasNextPage && <Button loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>{t.more}</Button>}
    </>
  )
}
