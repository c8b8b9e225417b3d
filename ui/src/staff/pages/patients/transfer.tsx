import { Button, Input, Modal } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import type { PatientFilter } from '../../../api/contract/patient'
import '../../../api/contract/structure'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { structure } from '../../../lib/text/structure'
import { JobProgress, useFail } from '../../../lib/ui'
import { Field } from '../followup-template/step'
import { Pick, useStaffChoices } from '../part/pick'

/** Transfer hands patients of the list over to a colleague: a job moves them, and everything can be taken back (SY-12). */
export function Transfer({ ids, text, filter, n, onClose, onDone }: { ids?: string[]; text?: string; filter?: PatientFilter; n: number; onClose: () => void; onDone: () => void }) {
  const t = useText(structure)
  const c = useText(common)
  const client = useQueryClient()
  const fail = useFail()
  const people = useStaffChoices()
  const [to, setTo] = useState<string>()
  const [reason, setReason] = useState('')
  const [id, setID] = useState('')
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const q = useQuery({ queryKey: ['patient', 'transfer', id], enabled: !!id, queryFn: ({ signal }) => call('GET /api/v1/transfers/{id}', { path: { id }, signal }), refetchInterval: v => (v.state.data && ['done', 'undone'].includes(v.state.data.state) ? false : 700) })
  const tr = q.data
  const start = async () => {
    setBusy(true)
    setFaults({})
    try { setID((await call('POST /api/v1/transfers', { body: { ...(ids ? { ids } : { text, filter }), to_id: to!, reason: reason.trim() } })).id) } catch (e) {
      if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message])))
      else fail(e)
    } finally { setBusy(false) }
  }
  const back = async () => { try { await call('POST /api/v1/transfers/{id}/undo', { path: { id } }); void q.refetch() } catch (e) { fail(e) } }
  const close = () => { if (id) { void client.invalidateQueries({ queryKey: ['patient'] }); onDone() } onClose() }
  return (
    <Modal open title={ids ? t.transfer.title(n) : t.transfer.all(n)} onCancel={close} width={440} footer={tr ? [tr.state === 'done' && tr.moved > 0 && <Button key="u" onClick={() => void back()}>{t.transfer.undo}</Button>, <Button key="c" type="primary" onClick={close}>{c.close}</Button>] : [<Button key="x" onClick={close}>{c.cancel}</Button>, <Button key="s" type="primary" loading={busy || !!id} disabled={!to || !reason.trim()} onClick={() => void start()}>{t.transfer.start}</Button>]}>
      {tr ? (
        <div className="stack" role="status">
          <JobProgress done={tr.state === 'undoing' || tr.state === 'undone' ? tr.total - tr.moved : tr.moved + tr.skipped} total={tr.total} state={['done', 'undone'].includes(tr.state) ? 'done' : 'running'} />
          <p>{tr.state === 'done' ? t.transfer.done(tr.moved, tr.skipped) : tr.state === 'undone' ? t.transfer.undone : t.transfer.running(tr.moved, tr.total)}</p>
        </div>
      ) : (
        <div className="stack">
          <Field label={t.transfer.to} need fault={faults.to_id}><Pick autoFocus label={t.transfer.to} value={to} onChange={setTo} options={people.options} loading={people.loading} /></Field>
          <Field label={t.transfer.reason} need hint={t.transfer.reasonHint} fault={faults.reason}><Input value={reason} maxLength={100} onChange={e => setReason(e.target.value)} /></Field>
        </div>
      )}
    </Modal>
  )
}
