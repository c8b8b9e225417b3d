import type { Counts, Verdict } from '../../../api/contract/intake'
import { count } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { imports } from '../../../lib/text/import'
import { intake } from '../../../lib/text/intake'
import { StatusTag, type Tone } from '../../../lib/ui'

/** The verdicts in the order people ask for them. */
export const verdicts: Verdict[] = ['new', 'updated', 'unchanged', 'review', 'duplicate', 'rejected']
export const verdictTone: Record<Verdict, Tone> = { new: 'info', updated: 'ok', unchanged: 'idle', review: 'warn', duplicate: 'idle', rejected: 'bad' }

/** Tally writes how many rows got which verdict; given onPick, each is a filter. */
export function Tally({ counts, small, warned, chosen, onPick }: { counts: Counts; small?: boolean; warned?: number; chosen?: Verdict | 'warned' | ''; onPick?: (v: Verdict | 'warned' | undefined) => void }) {
  const t = useText(intake)
  const w = useText(imports)
  const shown = verdicts.filter(v => !small || (counts[v] ?? 0) > 0)
  return (
    <ul className={'tally' + (small ? ' small' : '')}>
      {shown.map(v => {
        const body = <><b className={'t-' + v}>{count(counts[v] ?? 0)}</b><small>{t.verdicts[v]}</small></>
        return <li key={v}>{onPick ? <button aria-pressed={chosen === v} onClick={() => onPick(chosen === v ? undefined : v)}>{body}</button> : body}</li>
      })}
      {!!warned && <li>{onPick ? <button aria-pressed={chosen === 'warned'} title={w.warnedTip} onClick={() => onPick(chosen === 'warned' ? undefined : 'warned')}><b className="t-review">{warned > 1000 ? '1,000+' : count(warned)}</b><small>{w.warned}</small></button> : <><b className="t-review">{count(warned)}</b><small>{w.warned}</small></>}</li>}
    </ul>
  )
}

/** VerdictTag writes one verdict. */
export function VerdictTag({ v }: { v: Verdict }) {
  const t = useText(intake)
  return <StatusTag tone={verdictTone[v] ?? 'idle'}>{t.verdicts[v] ?? v}</StatusTag>
}
