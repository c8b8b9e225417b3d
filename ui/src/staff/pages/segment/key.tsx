import { Button } from 'antd'
import { CheckOutlined, EditOutlined, MinusOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { call } from '../../../api/call'
import type { Belonging, KeyPatient } from '../../../api/contract/segment'
import { ageOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { segment } from '../../../lib/text/segment'
import { DataTable, Empty, Failure, PageSkeleton, StatusTag, Total, When, type Column } from '../../../lib/ui'
import { useUrl } from '../../../lib/url'
import { useSession } from '../../session'
import { SizeOf } from './saved'

/** Why lists the conditions of a rule with whether the patient meets them. */
export function Why({ of: b }: { of: Belonging }) {
  const t = useText(segment)
  return <ul className="sg-why">{b.reasons.map((r, i) => <li key={i} className={r.met ? undefined : 'no'}>{r.met ? <CheckOutlined aria-label={t.belonging.met} /> : <MinusOutlined aria-label={t.belonging.unmet} />}<span>{r.text}</span></li>)}</ul>
}

/** KeyPatients is the work list of patients whom a clinical rule flags, each with the reasons (PT-20). */
export function KeyPatients() {
  const t = useText(segment)
  const c = useText(common)
  const url = useUrl()
  const navigate = useNavigate()
  const { may } = useSession()
  const rules = useQuery({ queryKey: ['segment', 'list', 'key'], queryFn: ({ signal }) => call('GET /api/v1/segments', { query: { kind: 'key' }, signal }) })
  const rule = url.one('rule')
  const query = { ...(rule ? { rule } : {}), cursor: url.one('cursor'), limit: url.one('limit') }
  const q = useQuery({ queryKey: ['segment', 'key', query], placeholderData: keepPreviousData, enabled: !!rules.data?.items.length, queryFn: ({ signal }) => call('GET /api/v1/key-patients', { query, signal }) })
  const columns = useMemo<Column<KeyPatient>[]>(() => [
    { key: 'name', title: t.key.col.name, fixedIn: true, width: 180, render: (_, p) => <Link to="/patients/$id" params={{ id: p.id }} className="pname"><b>{p.name}</b><small>{c.sexOf[p.sex] ?? ''} {ageOf(p.birth_date)}</small></Link> },
    { key: 'rule', title: t.key.col.rule, width: 220, render: (_, p) => p.flags.map(f => <div key={f.id}>{f.name}</div>) },
    { key: 'why', title: t.key.col.why, width: 420, render: (_, p) => p.flags.map(f => <Why key={f.id} of={f} />) },
    { key: 'since', title: t.key.col.since, width: 120, render: (_, p) => (p.flags[0]?.since ? <When at={p.flags[0].since} /> : '—') },
  ], [t, c])
  if (rules.error && !rules.data) return <Failure error={rules.error} retry={() => void rules.refetch()} />
  if (!rules.data) return <PageSkeleton rows={6} />
  const creates = may('segment.key.update')
  const create = () => void navigate({ to: '/segments/$id', params: { id: 'new' }, search: { kind: 'key' } as never })
  if (rules.data.items.length === 0) return <Empty title={t.key.none} hint={t.key.noneHint} action={creates && <Button type="primary" onClick={create}>{t.key.create}</Button>} />
  return (
    <>
      <p className="sub">{t.key.hint}</p>
      <div className="sg-rules" role="group" aria-label={t.key.rules}>
        <Button size="small" type={rule ? 'default' : 'primary'} aria-pressed={!rule} onClick={() => url.set({ rule: undefined })}>{t.key.all}</Button>
        {rules.data.items.map(r => <span key={r.id} className="row"><Button size="small" type={rule === r.id ? 'primary' : 'default'} aria-pressed={rule === r.id} onClick={() => url.set({ rule: r.id })}>{r.name}</Button><SizeOf id={r.id} version={r.version} />{creates && <Link to="/segments/$id" params={{ id: r.id }} aria-label={`${t.key.edit} ${r.name}`}><Button size="small" icon={<EditOutlined />} tabIndex={-1} aria-hidden="true" /></Link>}</span>)}
        <span className="sub"><Total query={q} words={t.key.count} /></span>
      </div>
      <DataTable id="segment.key" label={t.key.title} query={q} columns={columns} rowKey={p => p.id} onOpen={p => void navigate({ to: '/patients/$id', params: { id: p.id } })}
        empty={<Empty title={t.key.nobody} hint={t.key.nobodyHint} />}
        card={p => <Link to="/patients/$id" params={{ id: p.id }} className="sg-name"><b>{p.name}</b>{p.flags.map(f => <span key={f.id}><StatusTag tone="info">{f.name}</StatusTag><Why of={f} /></span>)}</Link>} />
    </>
  )
}
