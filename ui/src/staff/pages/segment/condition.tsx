import { Input, InputNumber, Select } from 'antd'
import { CalendarOutlined, CloseOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../api/call'
import type { Offer, Period } from '../../../api/contract/segment'
import { useText } from '../../../lib/i18n'
import { segment } from '../../../lib/text/segment'
import { IconButton } from '../../../lib/ui'
import { useSettled } from '../part/gauge'
import type { Row } from './model'

interface Props { row: Row; offer?: Offer; locked: boolean; onChange: (patch: Partial<Row>) => void; onRemove: () => void }

/** Condition is one line of the builder: what it is about, and what of it. */
export function Condition({ row, offer: o, locked, onChange, onRemove }: Props) {
  const t = useText(segment)
  if (!o) return <div className="sg-cond bad"><b>{row.dim}</b><span className="late">{t.unknown}</span><IconButton icon={<CloseOutlined />} label={t.removeCondition(row.dim ?? '')} onClick={onRemove} disabled={locked} /></div>
  const takes = (x: string) => o.takes.includes(x)
  return (
    <div className="sg-cond" role="group" aria-label={o.label}>
      <b>{o.label}</b>
      {o.aspects.length > 0 && <Select className="sg-aspect" aria-label={`${o.label} ${t.aspect}`} disabled={locked} value={row.aspect} onChange={aspect => onChange(o.key ? { aspect, values: [] } : { aspect })} options={o.aspects} popupMatchSelectWidth={false} />}
      {o.key ? <FieldValues row={row} offer={o} locked={locked} onChange={onChange} /> : takes('values') && <Values row={row} offer={o} locked={locked} onChange={onChange} />}
      {takes('text') && <Input className="sg-text" aria-label={`${o.label} ${t.contains}`} placeholder={t.contains} maxLength={60} disabled={locked} value={row.text ?? ''} onChange={e => onChange({ text: e.target.value })} />}
      {takes('range') && !o.key && <Range row={row} offer={o} locked={locked} onChange={onChange} />}
      {takes('period') && <PeriodEdit label={o.label} value={row.period ?? undefined} need={o.needs.includes('period')} locked={locked} onChange={period => onChange({ period })} />}
      <span className="grow" />
      {!locked && <IconButton icon={<CloseOutlined />} label={t.removeCondition(o.label)} onClick={onRemove} />}
    </div>
  )
}

type Part = Omit<Props, 'onRemove' | 'offer'> & { offer: Offer }

function Values({ row, offer: o, locked, onChange }: Part) {
  const t = useText(segment)
  const [typed, setTyped] = useState('')
  const [opened, setOpened] = useState(false)
  const words = useSettled(typed, 250)
  const held = row.values ?? []
  const found = useQuery({ queryKey: ['segment', 'options', o.name, words], enabled: o.search && opened, placeholderData: keepPreviousData, staleTime: 60_000, queryFn: ({ signal }) => call('POST /api/v1/segments/options', { body: { dim: o.name, text: words }, signal }) })
  const named = useQuery({ queryKey: ['segment', 'named', o.name, held], enabled: o.search && held.length > 0, placeholderData: keepPreviousData, staleTime: 300_000, queryFn: ({ signal }) => call('POST /api/v1/segments/options', { body: { dim: o.name, values: held }, signal }) })
  const names = new Map([...(named.data?.items ?? []), ...(found.data?.items ?? [])].map(x => [x.value, x.label]))
  const options = o.search ? [...new Map([...held.map(v => [v, names.get(v) ?? v] as const), ...(found.data?.items ?? []).map(x => [x.value, x.label] as const)]).entries()].map(([value, label]) => ({ value, label })) : o.only
  return (
    <Select
      className="sg-values" mode={o.free ? 'tags' : 'multiple'} aria-label={`${o.label} ${t.values}`} placeholder={o.free ? t.valuesFree : t.values} disabled={locked} maxTagCount={6} popupMatchSelectWidth={false}
      value={held} options={options} onOpenChange={setOpened} loading={found.isFetching} tokenSeparators={o.free ? [' ', ',', '，', ';', '；'] : undefined}
      showSearch={o.search ? { filterOption: false, onSearch: setTyped } : { optionFilterProp: 'label' }}
      onChange={(values: string[]) => { onChange({ values: [...new Set(values.map(v => v.trim()).filter(Boolean))] }); setTyped('') }}
    />
  )
}

/** FieldValues are those of a custom field, by the sort of comparison. */
function FieldValues({ row, offer: o, locked, onChange }: Part) {
  const t = useText(segment)
  const held = row.values ?? []
  if (row.aspect === 'filled' || row.aspect === 'empty') return null
  if (row.aspect === 'between') {
    const at = (i: number, label: string) => <Input className="sg-num" type={o.unit === 'date' ? 'date' : 'text'} inputMode={o.unit === 'date' ? undefined : 'decimal'} aria-label={`${o.label} ${label}`} placeholder={label} disabled={locked} value={held[i] ?? ''} onChange={e => onChange({ values: [0, 1].map(k => (k === i ? e.target.value.trim() : held[k] ?? '')) })} />
    return <>{at(0, o.unit === 'date' ? t.fromDay : t.from)}<span className="sub">–</span>{at(1, o.unit === 'date' ? t.toDay : t.to)}</>
  }
  if (row.aspect === 'starts_with') return <Input className="sg-text" aria-label={`${o.label} ${t.startsWith}`} placeholder={t.startsWith} disabled={locked} value={held[0] ?? ''} onChange={e => onChange({ values: [e.target.value] })} />
  return <Select className="sg-values" mode={o.only.length ? 'multiple' : 'tags'} aria-label={`${o.label} ${t.values}`} placeholder={o.only.length ? t.values : t.valuesFree} disabled={locked} popupMatchSelectWidth={false} showSearch={{ optionFilterProp: 'label' }} value={held} options={o.only} onChange={(values: string[]) => onChange({ values })} />
}

function Range({ row, offer: o, locked, onChange }: Part) {
  const t = useText(segment)
  const factor = o.unit === 'fen' ? 100 : 1
  const at = (k: 'from' | 'to', label: string) => <InputNumber<number> className="sg-num" aria-label={`${o.label} ${label}`} placeholder={label} disabled={locked} precision={o.unit === 'fen' ? 2 : 0} min={o.unit === 'fen' ? undefined : 0} value={row[k] === undefined || row[k] === null ? null : row[k]! / factor} onChange={v => onChange({ [k]: v === null || v === undefined ? undefined : Math.round(v * factor) })} />
  return <span className="sg-range">{at('from', t.from)}<span className="sub">–</span>{at('to', t.to)}<span className="sub">{t.amounts[o.unit] ?? ''}</span></span>
}

const kinds = ['last', 'next', 'over', 'this', 'previous', 'between']
const units = ['day', 'week', 'month', 'quarter', 'year']

function PeriodEdit({ label, value: p, need, locked, onChange }: { label: string; value?: Period; need: boolean; locked: boolean; onChange: (p?: Period) => void }) {
  const t = useText(segment)
  if (!p) return locked ? null : <button type="button" className="link sg-add-period" onClick={() => onChange({ kind: 'last', n: 30, unit: 'day' })}><CalendarOutlined /> {t.addPeriod}</button>
  const counted = p.kind === 'last' || p.kind === 'next' || p.kind === 'over'
  const to = (kind: string) => onChange(kind === 'between' ? { kind } : kind === 'this' || kind === 'previous' ? { kind, unit: p.unit ?? 'month' } : { kind, n: p.n ?? 30, unit: p.unit ?? 'day' })
  const date = (k: 'from' | 'to', word: string) => <Input className="sg-date" type="date" aria-label={`${label} ${word}`} disabled={locked} value={p[k] ?? ''} onChange={e => onChange({ ...p, [k]: e.target.value || undefined })} />
  return (
    <span className="sg-period" role="group" aria-label={`${label} ${t.period.label}`}>
      <CalendarOutlined aria-hidden="true" />
      <Select aria-label={`${label} ${t.period.label}`} disabled={locked} value={p.kind} onChange={to} options={kinds.map(value => ({ value, label: t.period[value] }))} popupMatchSelectWidth={false} />
      {counted && <InputNumber<number> className="sg-n" aria-label={`${label} ${t.n}`} disabled={locked} min={1} max={1000} precision={0} value={p.n} onChange={v => onChange({ ...p, n: v ?? undefined })} />}
      {p.kind !== 'between' && <Select aria-label={`${label} ${t.unitLabel}`} disabled={locked} value={p.unit} onChange={unit => onChange({ ...p, unit })} options={units.map(value => ({ value, label: (counted ? t.unit : t.unitThis)[value] }))} popupMatchSelectWidth={false} />}
      {p.kind === 'over' && <span className="sub">{t.ago}</span>}
      {p.kind === 'between' && <>{date('from', t.fromDay)}<span className="sub">–</span>{date('to', t.toDay)}</>}
      {!need && !locked && <IconButton icon={<CloseOutlined />} label={`${label} ${t.anyTime}`} onClick={() => onChange(undefined)} />}
    </span>
  )
}
