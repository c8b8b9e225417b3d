import { WarningFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { call } from '../../../api/call'
import '../../../api/contract/profile'
import type { Banner as Seen, Preference } from '../../../api/contract/profile'
import { useText } from '../../../lib/i18n'
import { profile } from '../../../lib/text/profile'
import { useSession } from '../../session'
import './banner.css'

/** useBanner asks once for what must be seen before speaking with a patient; every place that shows it shares the answer. */
export function useBanner(id: string | undefined) {
  const { may } = useSession()
  return useQuery({ queryKey: ['patient', id, 'banner'], enabled: !!id && may('profile.preference.read'), staleTime: 30_000, queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/banner', { path: { id: id! }, signal }) })
}

/** usePreferenceText says a preference in one line. */
export function usePreferenceText() {
  const t = useText(profile)
  return (p: Preference) => {
    if (p.hidden) return [t.kinds[p.kind] ?? p.kind, t.banner.hidden].join(' · ')
    if (p.kind === 'call_hours') return [t.banner.only(p.value), p.note].filter(Boolean).join(' · ')
    return [t.kinds[p.kind] ?? p.kind, p.value && (t.values[p.value] ?? p.value), p.note].filter(Boolean).join(' · ')
  }
}

/** Banner shows allergies, hours, language and who is to be called: on the patient's page, in the call card and wherever somebody writes. */
export function Banner({ id, alert }: { id: string | undefined; alert?: string }) {
  const t = useText(profile)
  const say = usePreferenceText()
  const q = useBanner(id)
  const b: Seen = q.data ?? { alert: alert ?? '', preferences: [], reach: null, wrong: false }
  if (b.preferences.length === 0 && !b.reach && !b.wrong && !b.alert) return null
  const danger = !!b.alert || b.preferences.some(p => p.severity === 'danger' || p.against)
  const quiet = !danger && !b.wrong && b.preferences.every(p => p.severity === 'note')
  return (
    <div className={'banner' + (danger ? ' danger' : quiet ? ' quiet' : '')} role="note" aria-label={t.banner.title}><WarningFilled aria-hidden="true" /><ul>
      {b.alert && <li><b>{b.alert}</b></li>}
      {b.preferences.map(p => <li key={p.id}>{p.severity === 'danger' ? <b>{say(p)}</b> : <span>{say(p)}</span>}{p.against && p.kind === 'call_hours' && <span className="now">{t.banner.against}</span>}{p.valid_until && <small>{t.banner.until(p.valid_until)}</small>}</li>)}
      {b.reach && <li><span>{t.banner.reach(b.reach.name, t.rel.kinds[b.reach.relation] ?? b.reach.relation, b.reach.value)}</span></li>}
      {b.wrong && <li><b>{t.banner.wrong}</b></li>}
    </ul></div>
  )
}
