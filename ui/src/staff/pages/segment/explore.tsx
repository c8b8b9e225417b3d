import { Select } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { call } from '../../../api/call'
import type { Cell, Segment } from '../../../api/contract/segment'
import { count, percent } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { segment } from '../../../lib/text/segment'
import { Failure, PageSkeleton, Panel, State } from '../../../lib/ui'
import { useUrl } from '../../../lib/url'

/** Explore shows how segments overlap and who their members are; every bar is a row of a table (GR-15). */
export function Explore({ all, error }: { all?: Segment[]; error: unknown }) {
  const t = useText(segment)
  const url = useUrl()
  const names = new Map(all?.map(g => [g.id, g.name]))
  const chosen = url.many('in').filter(id => names.has(id)).slice(0, 3)
  const one = url.one('of') && names.has(url.one('of')!) ? url.one('of') : undefined
  const overlap = useQuery({ queryKey: ['segment', 'overlap', chosen], enabled: chosen.length > 1, queryFn: ({ signal }) => call('POST /api/v1/segments/overlap', { body: { ids: chosen }, signal }) })
  const who = useQuery({ queryKey: ['segment', 'demography', one], enabled: !!one, queryFn: ({ signal }) => call('GET /api/v1/segments/{id}/demography', { path: { id: one! }, signal }) })
  if (error && !all) return <Failure error={error} />
  if (!all) return <PageSkeleton rows={6} />
  const options = all.map(g => ({ value: g.id, label: g.name }))
  const label = (key: string) => {
    const inside = chosen.filter((_, i) => key[i] === '1').map(id => `“${names.get(id)}”`)
    return inside.length === 1 ? t.explore.only(names.get(chosen[key.indexOf('1')]!) ?? '') : inside.length === 3 ? t.explore.all : t.explore.both(inside.join(' + '))
  }
  return (
    <div className="sg-explore">
      <Panel title={t.explore.overlap}>
        <Select mode="multiple" maxCount={3} className="sg-values full" aria-label={t.explore.pick} placeholder={t.explore.pick} showSearch={{ optionFilterProp: 'label' }} value={chosen} options={options} onChange={v => url.set({ in: v })} />
        {chosen.length < 2 ? <State title={chosen.length ? t.explore.two : t.explore.pick} hint={t.explore.hint} />
          : overlap.error ? <Failure error={overlap.error} retry={() => void overlap.refetch()} />
            : !overlap.data ? <PageSkeleton rows={3} />
              : <Bars caption={t.explore.overlap} cells={overlap.data.cells.map(c => ({ ...c, label: label(c.key) }))} />}
      </Panel>
      <Panel title={t.explore.who} note={who.data && !who.data.small ? t.explore.total(count(who.data.n)) : undefined}>
        <Select className="sg-values full" allowClear aria-label={t.explore.pickOne} placeholder={t.explore.pickOne} showSearch={{ optionFilterProp: 'label' }} value={one} options={options} onChange={v => url.set({ of: v })} />
        {!one ? <State title={t.explore.pickOne} hint={t.explore.whoHint} />
          : who.error ? <Failure error={who.error} retry={() => void who.refetch()} />
            : !who.data ? <PageSkeleton rows={6} />
              : who.data.small ? <State title={t.explore.tooFew} />
                : <div className="sg-who"><Bars caption={t.explore.sexes} cells={who.data.sexes} of={who.data.n} /><Bars caption={t.explore.bands} cells={who.data.bands} of={who.data.n} /><Bars caption={t.explore.regions} cells={who.data.regions} of={who.data.n} /><Bars caption={t.explore.sources} cells={who.data.sources} of={who.data.n} /></div>}
      </Panel>
    </div>
  )
}

/** Bars is a table of numbers with a bar each. */
function Bars({ caption, cells, of }: { caption: string; cells: Cell[]; of?: number }) {
  const t = useText(segment)
  const most = Math.max(1, ...cells.map(c => c.n))
  return (
    <table className="sg-bars">
      <caption>{caption}</caption>
      <tbody>
        {cells.map(c => (
          <tr key={c.key}>
            <th scope="row">{c.label}</th>
            <td className="bar">{!c.small && <i style={{ width: `${(100 * c.n) / most}%` }} aria-hidden="true" />}</td>
            <td className="n">{c.small ? <span className="sub">{t.explore.small}</span> : <>{count(c.n)}{of ? <span className="sub"> {percent(c.n / of)}</span> : null}</>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
