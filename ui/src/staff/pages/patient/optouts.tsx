import { StopOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { call } from '../../../api/call'
import '../../../api/contract/timeline'
import { now } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { patient as words } from '../../../lib/text/patient'
import { useSession } from '../../session'

/** What a patient refused stands where somebody is about to write or call. */
export function OptOuts({ id }: { id: string }) {
  const t = useText(words)
  const { may } = useSession()
  const said = useQuery({ queryKey: ['patient', id, 'consents'], enabled: may('consent.record.list'), queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/consents', { path: { id }, signal }) })
  const refused = (said.data?.items ?? []).filter(x => x.decision === 'denied' && !x.superseded_at && (!x.until || Date.parse(x.until) > now()))
  const purposes = [...new Set(refused.map(x => t.send.purposes[x.purpose] ?? x.purpose))]
  if (purposes.length === 0) return null
  return <div className="hero-alert" role="note"><StopOutlined aria-hidden="true" /><b>{t.optedOut}</b><span>{purposes.join(t.listed)}</span></div>
}
