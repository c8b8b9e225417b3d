import { Button, Input } from 'antd'
import { MergeCellsOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useMutation, useQueries, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api/call'
import '../../api/contract/patient'
import type { Detail, Pair } from '../../api/contract/patient'
import { ageOf, count, relDay, totalOf } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { patient as people } from '../../lib/text/patient'
import { form } from '../../lib/text/patient-form'
import { review } from '../../lib/text/review'
import { Failure, PageHeader, PageSkeleton, Panel, State, StatusTag, useFail, useUndo } from '../../lib/ui'
import './patient-review.css'

/** PatientReview puts two records that may be one person side by side; a merge can be taken back. */
export default function PatientReview() {
  const t = useText(review)
  const c = useText(common)
  const [at, setAt] = useState(0)
  const q = useInfiniteQuery({
    queryKey: ['patient', 'review'], initialPageParam: '',
    queryFn: ({ pageParam, signal }) => call('GET /api/v1/patients/review', { query: { cursor: pageParam, limit: 50 }, signal }),
    getNextPageParam: last => last.next || undefined,
  })
  const pairs = q.data?.pages.flatMap(p => p.items) ?? []
  const pair = pairs[Math.min(at, pairs.length - 1)]
  useKeys(t.group, [{ key: 'j', show: 'j k', label: c.keys.move, run: () => setAt(Math.min(at + 1, pairs.length - 1)) }, { key: 'k', run: () => setAt(Math.max(at - 1, 0)) }])
  if (q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!q.data) return <PageSkeleton />
  return (
    <div className="page">
      <PageHeader title={t.title} back={{ to: '/patients', label: t.back }} count={t.count(q.data.pages[0]?.total ? totalOf(q.data.pages[0].total) : count(pairs.length))} />
      {!pair
        ? <Panel><State icon={<MergeCellsOutlined />} title={t.emptyTitle} hint={t.emptyHint} /></Panel>
        : <div className="rv-split">
            <ul className="rv-list panel">
              {pairs.map((p, i) => <li key={p.id}><button aria-current={p.id === pair.id || undefined} onClick={() => setAt(i)}><b>{p.a.name}{p.b.name !== p.a.name && ` / ${p.b.name}`}</b><span className="sub">{p.bits >= 6.6 ? t.sure : t.likely}</span></button></li>)}
              {q.hasNextPage && <li><Button type="text" block loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>{t.more}</Button></li>}
            </ul>
            <Compare key={pair.id} pair={pair} />
          </div>}
    </div>
  )
}

function Compare({ pair }: { pair: Pair }) {
  const t = useText(review)
  const c = useText(common)
  const f = useText(form)
  const w = useText(people)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const [reason, setReason] = useState(t.defaultReason)
  const [a, b] = useQueries({ queries: [pair.a.id, pair.b.id].map(id => ({ queryKey: ['patient', id, 'detail'], queryFn: ({ signal }: { signal: AbortSignal }) => call('GET /api/v1/patients/{id}', { path: { id }, signal }) })) })
  const fresh = () => void client.invalidateQueries({ queryKey: ['patient'] })
  const merge = useMutation({
    mutationFn: (keep: 'a' | 'b') => call('POST /api/v1/patients/merge', { body: { survivor_id: pair[keep].id, loser_id: pair[keep === 'a' ? 'b' : 'a'].id, reason: reason.trim() } }),
    onSuccess: (m, keep) => { undo(t.merged(pair[keep].name), () => call('POST /api/v1/merges/{id}/undo', { path: { id: m.merge_id } }).then(() => { fresh(); undo(t.undone) }).catch(fail)); fresh() },
    onError: fail,
  })
  const apart = useMutation({ mutationFn: () => call('POST /api/v1/pairs/{id}/different', { path: { id: pair.id } }), onSuccess: () => { undo(t.apart); fresh() }, onError: fail })
  const busy = merge.isPending || apart.isPending || !reason.trim()
  useKeys(t.group, [
    { key: '1', label: t.keepLeft, run: () => { if (!busy) merge.mutate('a') } },
    { key: '2', label: t.keepRight, run: () => { if (!busy) merge.mutate('b') } },
    { key: 'd', label: t.different, run: () => { if (!busy) apart.mutate() } },
  ])
  const rows: [string, (p: Detail) => string][] = [
    [f.f.name!, p => p.name], [f.f.sex!, p => c.sexOf[p.sex] ?? p.sex], [f.f.birth_date!, p => `${p.birth_date || '—'} (${ageOf(p.birth_date)})`],
    [f.f.identifiers!, p => p.identifiers.map(x => `${w.idKinds[x.kind] ?? x.kind} ${x.value}`).join('\n')], [f.f.contacts!, p => p.contacts.map(x => `${x.value} ${w.owners[x.owner] ?? x.owner}`).join('\n')],
    [f.f.region_code!, p => p.region?.name ?? ''], [f.f.address!, p => p.address], [f.f.source!, p => w.sources[p.source] ?? p.source], [f.f.owner_id!, p => p.owner?.name ?? ''], [f.f.alert!, p => p.alert], [t.seen, p => relDay(p.seen_at)], [t.created, p => relDay(p.created_at)],
  ]
  return (
    <Panel>
      <p className="dup-why"><b>{t.why}</b> {pair.reasons.filter(r => f.dup.reason[r.field]).map(r => <StatusTag key={r.field + r.outcome} tone={r.outcome === 'same' ? 'ok' : r.outcome === 'differs' || r.outcome === 'veto' ? 'bad' : 'plain'}>{f.dup.reason[r.field]} {f.dup.outcome[r.outcome] ?? ''}</StatusTag>)}</p>
      <div className="rv-scroll"><table className="rv-table">
        <thead><tr><th>{t.field}</th>{[pair.a, pair.b].map((p, i) => <th key={p.id}><Link to="/patients/$id" params={{ id: p.id }}>{i ? t.right : t.left} · {p.name}</Link></th>)}</tr></thead>
        <tbody>{rows.map(([label, read]) => { const [x, y] = [a?.data ? read(a.data) : '…', b?.data ? read(b.data) : '…']; return <tr key={label} className={x === y ? undefined : 'differs'}><th scope="row">{label}</th><td>{x || '—'}</td><td>{y || '—'}</td></tr> })}</tbody>
      </table></div>
      <label className="rv-reason">{t.reason}<Input value={reason} maxLength={200} onChange={e => setReason(e.target.value)} /></label>
      <div className="row"><Button disabled={busy} loading={merge.isPending && merge.variables === 'a'} onClick={() => merge.mutate('a')}>{t.keepLeft}<kbd>1</kbd></Button><Button disabled={busy} loading={merge.isPending && merge.variables === 'b'} onClick={() => merge.mutate('b')}>{t.keepRight}<kbd>2</kbd></Button><Button disabled={busy} loading={apart.isPending} onClick={() => apart.mutate()}>{t.different}<kbd>D</kbd></Button></div>
      <p className="sub">{t.hint}</p>
    </Panel>
  )
}
