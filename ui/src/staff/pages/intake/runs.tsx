import { Select, Switch } from 'antd'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { call } from '../../../api/call'
import type { RunRow } from '../../../api/contract/intake'
import { count } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { imports } from '../../../lib/text/import'
import { DataTable, Empty, FilterBar, StatusTag, When, type Column, type Tone } from '../../../lib/ui'
import { useUrl } from '../../../lib/url'
import { Tally } from './tally'

const tones: Record<string, Tone> = { waiting: 'wait', running: 'info', done: 'ok', failed: 'bad', cancelled: 'idle', undone: 'idle' }

/** RunState writes how an import stands; one that was taken back says so. */
export function RunState({ r }: { r: { state: string; undo: string } }) {
  const t = useText(imports)
  if (r.undo === 'running' || r.undo === 'waiting') return <StatusTag tone="info">{t.undoing}</StatusTag>
  const state = r.undo === 'done' ? 'undone' : r.state
  return <StatusTag tone={tones[state] ?? 'idle'}>{t.states[state] ?? state}</StatusTag>
}

/** Runs lists the imports of files, newest first. */
export function Runs() {
  const t = useText(imports)
  const url = useUrl()
  const navigate = useNavigate()
  const state = url.one('state'), mine = url.one('mine') === '1'
  const query = { state, mine: mine || undefined, cursor: url.one('cursor'), limit: url.one('limit') }
  const q = useQuery({ queryKey: ['intake', 'run', query], placeholderData: keepPreviousData, refetchInterval: 5_000, queryFn: ({ signal }) => call('GET /api/v1/intake/runs', { query, signal }) })
  const columns = useMemo<Column<RunRow>[]>(() => [
    { key: 'file', title: t.col.file, fixedIn: true, render: (_, r) => <Link className="pname" to="/intake/runs/$id" params={{ id: r.id }}><b>{r.file || r.feed}</b><small>{r.feed}</small></Link> },
    { key: 'state', title: t.col.state, render: (_, r) => <RunState r={r} /> },
    { key: 'counts', title: t.col.counts, render: (_, r) => <Tally counts={r.counts} small /> },
    { key: 'progress', title: t.col.progress, align: 'right', render: (_, r) => `${count(r.done)} / ${count(r.total)}` },
    { key: 'started', title: t.col.started, render: (_, r) => <When at={r.started_at} time /> },
    { key: 'rate', title: t.col.rate, align: 'right', render: (_, r) => r.rate ? t.rate(count(Math.round(r.rate))) : '—' },
    { key: 'actor', title: t.col.actor, render: (_, r) => r.actor },
  ], [t])
  return (
    <>
      <FilterBar dirty={!!state || mine} onClear={() => url.set({ state: undefined, mine: undefined })}>
        <Select className="kw" aria-label={t.filters.state} placeholder={t.filters.all} allowClear value={state} onChange={v => url.set({ state: v })} options={Object.entries(t.states).map(([value, label]) => ({ value, label }))} />
        <label className="row"><Switch size="small" aria-label={t.filters.mine} checked={mine} onChange={v => url.set({ mine: v ? '1' : undefined })} />{t.filters.mine}</label>
      </FilterBar>
      <DataTable id="intake.run" query={q} columns={columns} rowKey={r => r.id} onOpen={r => void navigate({ to: '/intake/runs/$id', params: { id: r.id } })} label={t.toRuns}
        empty={state || mine ? <Empty title={t.noMatch} /> : <Empty title={t.noRuns} hint={t.noRunsHint} />}
        card={r => <Link className="plain-card" to="/intake/runs/$id" params={{ id: r.id }}><span className="row"><b>{r.file || r.feed}</b><span className="grow" /><RunState r={r} /></span><Tally counts={r.counts} small /></Link>} />
    </>
  )
}
