import { Button, Input, Tooltip } from 'antd'
import { MergeCellsOutlined, SearchOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { call } from '../../api/call'
import '../../api/contract/patient'
import '../../api/contract/duplicate'
import type { Pair, Undone } from '../../api/contract/duplicate'
import type { Detail } from '../../api/contract/patient'
import { ageOf, count, relDay, relTime, totalOf } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { patient as people } from '../../lib/text/patient'
import { form } from '../../lib/text/patient-form'
import { review } from '../../lib/text/review'
import { Failure, JobProgress, PageHeader, PageSkeleton, Panel, State, StatusTag, useFail, useUndo } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import './patient-review.css'

/** PatientReview puts two records that may be one person side by side; a merge can be taken back. */
export default function PatientReview() {
  const t = useText(review)
  const c = useText(common)
  const url = useUrl()
  const apart = url.one('view') === 'apart'
  const [at, setAt] = useState(0)
  const q = useInfiniteQuery({
    queryKey: ['patient', 'review', apart], initialPageParam: '',
    queryFn: ({ pageParam, signal }) => call('GET /api/v1/patients/review', { query: { apart, cursor: pageParam, limit: 50 }, signal }),
    getNextPageParam: last => last.next || undefined,
  })
  const pairs = q.data?.pages.flatMap(p => p.items) ?? []
  const pair = pairs[Math.min(at, pairs.length - 1)]
  useKeys(t.group, [{ key: 'j', show: 'j k', label: c.keys.move, run: () => setAt(Math.min(at + 1, pairs.length - 1)) }, { key: 'k', run: () => setAt(Math.max(at - 1, 0)) }])
  if (q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!q.data) return <PageSkeleton />
  return (
    <div className="page">
      <PageHeader title={t.title} back={{ to: '/patients', label: t.back }} count={(apart ? t.countApart : t.count)(q.data.pages[0]?.total ? totalOf(q.data.pages[0].total) : count(pairs.length))}><ScanButton /></PageHeader>
      <div className="views" role="tablist" aria-label={t.title}>{(['open', 'apart'] as const).map(v => <button key={v} role="tab" aria-selected={apart === (v === 'apart')} onClick={() => { setAt(0); url.set({ view: v === 'apart' ? v : undefined }) }}>{t.views[v]}</button>)}</div>
      <ScanProgress />
      {!pair
        ? <Panel><State icon={<MergeCellsOutlined />} title={apart ? t.emptyApart : t.emptyTitle} hint={apart ? t.emptyApartHint : t.emptyHint} /></Panel>
        : <div className="rv-split">
            <ul className="rv-list panel">
              {pairs.map((p, i) => <li key={p.id}><button aria-current={p.id === pair.id || undefined} onClick={() => setAt(i)}><b>{p.a.name}{p.b.name !== p.a.name && ` / ${p.b.name}`}</b><span className="sub">{t.zones[p.zone]}</span></button></li>)}
              {q.hasNextPage && <li><Button type="text" block loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>{t.more}</Button></li>}
            </ul>
            <Compare key={pair.id} pair={pair} />
          </div>}
    </div>
  )
}

const running = (state?: string) => state === 'ready' || state === 'running'

function useScan() {
  return useQuery({ queryKey: ['patient', 'scan'], queryFn: ({ signal }) => call('GET /api/v1/patients/scan', { signal }), refetchInterval: q => (running(q.state.data?.state) ? 1500 : false) })
}

function ScanButton() {
  const t = useText(review)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const scan = useScan()
  const start = useMutation({ mutationFn: () => call('POST /api/v1/patients/scan', {}), onSuccess: s => { client.setQueryData(['patient', 'scan'], s); undo(t.scanStarted) }, onError: fail })
  return <Tooltip title={t.scanHint}><Button icon={<SearchOutlined />} loading={start.isPending} disabled={running(scan.data?.state)} onClick={() => start.mutate()}>{t.scan}</Button></Tooltip>
}

/** ScanProgress shows the search of all patients while it runs, and how the last one ended. */
function ScanProgress() {
  const t = useText(review)
  const fail = useFail()
  const client = useQueryClient()
  const s = useScan().data
  const live = running(s?.state)
  useEffect(() => { if (s && !live) void client.invalidateQueries({ queryKey: ['patient', 'review'] }) }, [client, live, s])
  if (!s?.state) return null
  if (s.state === 'dead') return <div className="notice" role="alert">{t.scanFailed}</div>
  if (!live) return <p className="sub">{t.scanned(count(s.done), count(s.found), relTime(s.finished_at))}</p>
  return <Panel title={t.scanning}><JobProgress done={s.done} total={s.total} state="running" onCancel={() => { call('POST /api/v1/patients/scan/stop', {}).then(x => client.setQueryData(['patient', 'scan'], x)).catch(fail) }} /></Panel>
}

/** fields can be chosen one by one; the others move with the merge. */
const fields = ['name', 'sex', 'birth_date', 'region_code', 'address', 'source', 'owner_id', 'alert'] as const

function Compare({ pair }: { pair: Pair }) {
  const t = useText(review)
  const c = useText(common)
  const f = useText(form)
  const w = useText(people)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const [reason, setReason] = useState(t.defaultReason)
  const [chosen, setChosen] = useState<Record<string, 'a' | 'b'>>({})
  const [a, b] = useQueries({ queries: [pair.a.id, pair.b.id].map(id => ({ queryKey: ['patient', id, 'detail'], queryFn: ({ signal }: { signal: AbortSignal }) => call('GET /api/v1/patients/{id}', { path: { id }, signal }) })) })
  const fresh = () => void client.invalidateQueries({ queryKey: ['patient'] })
  const told = (u: Undone) => { const kept = Object.entries(u.kept).map(([table, n]) => t.kept(t.tables[table] ?? t.other, n)); undo(kept.length ? t.undoneKept(kept.join(t.comma)) : t.undone) }
  const merge = useMutation({
    mutationFn: (keep: 'a' | 'b') => call('POST /api/v1/patients/merge', { body: { survivor_id: pair[keep].id, loser_id: pair[keep === 'a' ? 'b' : 'a'].id, reason: reason.trim(), take: fields.filter(x => chosen[x] && chosen[x] !== keep) } }),
    onSuccess: (m, keep) => { undo(t.merged(pair[keep].name), () => call('POST /api/v1/merges/{id}/undo', { path: { id: m.merge_id } }).then(u => { fresh(); told(u) }).catch(fail)); fresh() },
    onError: fail,
  })
  const apart = useMutation({ mutationFn: () => call('POST /api/v1/pairs/{id}/different', { path: { id: pair.id } }), onSuccess: () => { undo(t.apart); fresh() }, onError: fail })
  const never = pair.zone === 'veto' || pair.zone === 'mother'
  const busy = merge.isPending || apart.isPending || !reason.trim() || never
  useKeys(t.group, [
    { key: '1', label: t.keepLeft, run: () => { if (!busy) merge.mutate('a') } },
    { key: '2', label: t.keepRight, run: () => { if (!busy) merge.mutate('b') } },
    { key: 'd', label: t.different, run: () => { if (!busy) apart.mutate() } },
  ])
  const rows: [string, string, (p: Detail) => string][] = [
    ['name', f.f.name!, p => p.name], ['sex', f.f.sex!, p => c.sexOf[p.sex] ?? p.sex], ['birth_date', f.f.birth_date!, p => p.birth_date ? `${p.birth_date} (${ageOf(p.birth_date)})` : ''],
    ['', f.f.identifiers!, p => p.identifiers.map(x => `${w.idKinds[x.kind] ?? x.kind} ${x.value}`).join('\n')], ['', f.f.contacts!, p => p.contacts.map(x => `${x.value} ${w.owners[x.owner] ?? x.owner}`).join('\n')],
    ['region_code', f.f.region_code!, p => p.region?.name ?? ''], ['address', f.f.address!, p => p.address], ['source', f.f.source!, p => w.sources[p.source] ?? p.source], ['owner_id', f.f.owner_id!, p => p.owner?.name ?? ''], ['alert', f.f.alert!, p => p.alert], ['', t.seen, p => relDay(p.seen_at)], ['', t.created, p => relDay(p.created_at)],
  ]
  const tone = (o: string) => (o === 'same' ? 'ok' : o === 'differs' || o === 'veto' ? 'bad' : 'plain')
  return (
    <Panel>
      <p className="dup-why"><b>{t.why}</b> {pair.reasons.filter(r => f.dup.reason[r.field]).map(r => <StatusTag key={r.field + r.outcome} tone={tone(r.outcome)}>{r.kind ? w.idKinds[r.kind] ?? f.dup.reason[r.field] : f.dup.reason[r.field]} {f.dup.outcome[r.outcome] ?? ''} {r.bits > 0 ? '+' : ''}{r.bits}</StatusTag>)}<span className="sub">{t.score(pair.bits.toFixed(1))}</span></p>
      {never ? <div className="notice" role="note">{pair.zone === 'veto' ? t.veto : t.mother}</div> : pair.likely && <div className="notice" role="note">{t.others[pair.likely]}</div>}
      <div className="rv-scroll"><table className="rv-table">
        <thead><tr><th>{t.field}</th>{[pair.a, pair.b].map((p, i) => <th key={p.id}><Link to="/patients/$id" params={{ id: p.id }}>{i ? t.right : t.left} · {p.name}</Link></th>)}</tr></thead>
        <tbody>{rows.map(([field, label, read]) => {
          const both = [a?.data, b?.data].map(d => (d ? read(d) : '…'))
          const differs = both[0] !== both[1]
          return <tr key={label} className={differs ? 'differs' : undefined}><th scope="row">{label}</th>{(['a', 'b'] as const).map((side, i) => <td key={side}>{differs && field && both[0] && both[1] && !never
            ? <button className="rv-pick" aria-pressed={chosen[field] === side} aria-label={`${t.choose(label, i ? t.right : t.left)}: ${both[i]}`} onClick={() => setChosen(x => { const { [field]: was, ...rest } = x; return was === side ? rest : { ...x, [field]: side } })}>{both[i]}{chosen[field] === side && <StatusTag tone="ok">{t.chosen}</StatusTag>}</button>
            : both[i] || '—'}</td>)}</tr>
        })}</tbody>
      </table></div>
      {!never && <>
        <label className="rv-reason">{t.reason}<Input value={reason} maxLength={200} onChange={e => setReason(e.target.value)} /></label>
        <div className="row"><Button disabled={busy} loading={merge.isPending && merge.variables === 'a'} onClick={() => merge.mutate('a')}>{t.keepLeft}<kbd>1</kbd></Button><Button disabled={busy} loading={merge.isPending && merge.variables === 'b'} onClick={() => merge.mutate('b')}>{t.keepRight}<kbd>2</kbd></Button><Button disabled={busy} loading={apart.isPending} onClick={() => apart.mutate()}>{t.different}<kbd>D</kbd></Button></div>
        <p className="sub">{t.hint}</p>
      </>}
    </Panel>
  )
}
