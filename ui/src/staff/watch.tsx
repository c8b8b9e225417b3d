import { useEffect } from 'react'
import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call'
import '../api/contract/patient'
import '../api/contract/task'
import { useText } from '../lib/i18n'
import { shell } from '../lib/text/shell'
import { dropAlert, raiseAlert } from './alerts'
import { useLive } from './live/live'
import { useSession } from './session'

/** Watch turns unhandled red flags and fresh replies into alerts. Facts carry no names, so that it asks for them. */
export function Watch() {
  const t = useText(shell)
  const { may } = useSession()
  const flags = useQuery({ queryKey: ['worklist', 'dock'], enabled: may('followup.task.list'), refetchInterval: 60_000, queryFn: ({ signal }) => call('GET /api/v1/followup/worklist', { query: { list: 'flags', who: 'mine', limit: 20 }, signal }) })
  useEffect(() => {
    const open = (flags.data?.items ?? []).filter(f => !f.acknowledged_at)
    for (const f of open) raiseAlert({ id: 'flag:' + f.id, level: 'flag', who: f.patient.name, title: f.title, at: f.due_at, rule: f.template || undefined, due: f.ack_by ?? undefined, to: `/?view=flags&task=${f.id}` })
    return () => open.forEach(f => dropAlert('flag:' + f.id))
  }, [flags.data])
  useLive('pop.red_flag', () => void flags.refetch())
  useLive('pop.reply', e => {
    const patient = String(e.data.patient_id ?? '')
    const id = 'reply:' + String(e.data.incoming_id ?? e.id)
    const at = String(e.data.at ?? new Date().toISOString())
    if (!patient) { raiseAlert({ id, level: 'reply', title: t.alerts.unknownSender, at, to: '/messages?view=unmatched' }); return }
    void Promise.all([call('GET /api/v1/patients/{id}', { path: { id: patient } }), call('GET /api/v1/patients/{id}/thread', { path: { id: patient } }).catch(() => undefined)])
      .then(([p, thread]) => raiseAlert({ id, level: 'reply', who: p.name, title: t.alerts.replied, said: thread?.items.filter(x => x.direction === 'in').sort((a, b) => b.at.localeCompare(a.at))[0]?.text, at, to: `/patients/${patient}` }))
      .catch(() => undefined)
  })
  return null
}
