import { useEffect } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../api/call'
import '../api/contract/patient'
import '../api/contract/task'
import { useText } from '../lib/i18n'
import { shell } from '../lib/text/shell'
import { dropAlert, raiseAlert, type Alert } from './alerts'
import { useLive } from './live/live'
import { useSession } from './session'

/** Watch turns unhandled red flags and fresh replies into alerts. Facts carry no names, so that it asks for them. */
export function Watch() {
  const t = useText(shell)
  const { may } = useSession()
  const client = useQueryClient()
  const flags = useQuery({ queryKey: ['worklist', 'dock'], enabled: may('followup.task.list'), refetchInterval: 60_000, queryFn: ({ signal }) => call('GET /api/v1/followup/worklist', { query: { list: 'flags', who: 'mine', limit: 20 }, signal }) })
  useEffect(() => {
    const open = (flags.data?.items ?? []).filter(f => !f.acknowledged_at)
    let gone = false
    for (const f of open) {
      const alert: Alert = { id: 'flag:' + f.id, level: 'flag', who: f.patient.name, patient: f.patient.id, title: f.title, rule: f.template || undefined, due: f.ack_by ?? undefined, to: `/?view=flags&task=${f.id}` }
      raiseAlert(alert)
      void client.fetchQuery({ queryKey: ['worklist', 'task', f.id], staleTime: 15_000, queryFn: ({ signal }) => call('GET /api/v1/followup/tasks/{id}', { path: { id: f.id }, signal }) })
        .then(d => { if (!gone && d.answer) raiseAlert({ ...alert, said: d.answer.text, at: d.answer.at }) })
        .catch(() => undefined)
    }
    return () => { gone = true; open.forEach(f => dropAlert('flag:' + f.id)) }
  }, [flags.data, client])
  useLive('pop.red_flag', () => void flags.refetch())
  useLive('pop.reply', e => {
    const patient = String(e.data.patient_id ?? '')
    const id = 'reply:' + String(e.data.incoming_id ?? e.id)
    const at = String(e.data.at ?? new Date().toISOString())
    if (!patient) { raiseAlert({ id, level: 'reply', title: t.alerts.unknownSender, at, to: '/messages?view=unmatched' }); return }
    void Promise.all([call('GET /api/v1/patients/{id}', { path: { id: patient } }), call('GET /api/v1/patients/{id}/thread', { path: { id: patient } }).catch(() => undefined)])
      .then(([p, thread]) => raiseAlert({ id, level: 'reply', who: p.name, patient, title: t.alerts.replied, said: thread?.items.filter(x => x.direction === 'in').sort((a, b) => b.at.localeCompare(a.at))[0]?.text, at, to: `/patients/${patient}` }))
      .catch(() => undefined)
  })
  return null
}
