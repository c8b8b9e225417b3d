import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../../../api/call'
import '../../../api/contract/segment'
import { dayOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { segment } from '../../../lib/text/segment'
import { Panel, StatusTag } from '../../../lib/ui'
import { useSession } from '../../session'
import { Why } from '../segment/key'
import '../segment.css'

/** Belongings are the segments a patient is in and the rules that flag them, each with its conditions. */
export function Belongings({ patient }: { patient: string }) {
  const t = useText(segment)
  const { may } = useSession()
  const q = useQuery({ queryKey: ['segment', 'of', patient], enabled: may('segment.segment.read'), retry: false, queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/segments', { path: { id: patient }, signal }) })
  if (!q.data?.items.length) return null
  return (
    <Panel title={t.belonging.title}>
      <div className="stack">
        {q.data.items.map(b => (
          <div key={b.id}>
            <div className="row"><Link to="/segments/$id" params={{ id: b.id }}>{b.name}</Link>{b.kind === 'key' && <StatusTag tone="info">{t.key.title}</StatusTag>}{b.since && <span className="sub">{t.belonging.since(dayOf(b.since))}</span>}</div>
            <Why of={b} />
          </div>
        ))}
      </div>
    </Panel>
  )
}
