import type { ReactNode } from 'react'
import type { Brief } from '../../../api/contract/person'
import { ageOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { part } from '../../../lib/text/part'
import { StatusTag, Tag, type Tone } from '../../../lib/ui'

export interface Evidence { field: string; outcome: string; bits: number; kind?: string }
/** One side of a comparison. */
export interface Side { key: string; title: ReactNode; who: Partial<Brief>; foot?: ReactNode; mark?: boolean }

const tones: Record<string, Tone> = { same: 'ok', similar: 'info', near: 'info', differs: 'bad', veto: 'bad', newborn: 'warn' }

/** Compare sets people side by side; what differs from the first is marked in words and colour. */
export function Compare({ sides }: { sides: Side[] }) {
  const c = useText(common)
  const t = useText(part)
  const rows: [string, (b: Partial<Brief>) => ReactNode, (b: Partial<Brief>) => string][] = [
    [t.matchFields.name!, b => <b>{b.name || '—'}</b>, b => b.name ?? ''],
    [t.matchFields.sex!, b => (b.sex ? c.sexOf[b.sex] ?? b.sex : '—'), b => b.sex ?? ''],
    [t.matchFields.birth_date!, b => (b.birth_date ? `${b.birth_date} (${ageOf(b.birth_date)})` : '—'), b => b.birth_date ?? ''],
    [t.matchFields.phone!, b => b.phone || '—', b => tail(b.phone)],
  ]
  const tags = sides.some(s => s.who.alert || s.who.tags?.length)
  return (
    <div className="compare-scroll" tabIndex={0} role="region" aria-label={sides.map(s => s.who.name).join(' · ')}>
      <table className="compare">
        <thead><tr><td />{sides.map(s => <th key={s.key} scope="col" className={s.mark ? 'mark' : undefined}>{s.title}</th>)}</tr></thead>
        <tbody>
          {rows.map(([label, show, raw]) => {
            const base = raw(sides[0]!.who)
            return <tr key={label}><th scope="row">{label}</th>{sides.map((s, i) => {
              const value = raw(s.who)
              const differ = i > 0 && !!base && !!value && value !== base
              return <td key={s.key} className={differ ? 'differ' : undefined}>{show(s.who)}{differ && <small>{t.match.differs}</small>}</td>
            })}</tr>
          })}
          {tags && <tr><td />{sides.map(s => <td key={s.key}>{s.who.alert && <Tag warn>{s.who.alert}</Tag>}{s.who.tags?.map(x => <Tag key={x}>{x}</Tag>)}</td>)}</tr>}
          {sides.some(s => s.foot) && <tr><td />{sides.map(s => <td key={s.key}>{s.foot}</td>)}</tr>}
        </tbody>
      </table>
    </div>
  )
}

const tail = (phone = '') => phone.replace(/\D/g, '').slice(-4)

/** Reasons lists the evidence of a match, the weightiest first. */
export function Reasons({ list }: { list: Evidence[] }) {
  const t = useText(part)
  return <ul className="evidence">{list.filter(r => r.outcome !== 'base').sort((a, b) => Math.abs(b.bits) - Math.abs(a.bits)).map(r => <li key={r.field + (r.kind ?? '')}><StatusTag tone={tones[r.outcome] ?? (r.bits > 0 ? 'ok' : 'bad')}>{t.matchFields[r.kind ?? ''] ?? t.matchFields[r.field] ?? r.field} {t.match[r.outcome] ?? r.outcome}</StatusTag></li>)}</ul>
}
