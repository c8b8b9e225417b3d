import { Input, Modal, Segmented, Select } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call, newKey } from '../../../api/call'
import '../../../api/contract/lookup'
import { useDraft } from '../../../lib/draft'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { message } from '../../../lib/text/message'
import { part } from '../../../lib/text/part'
import { useFail, useUndo } from '../../../lib/ui'
import { useSession } from '../../session'
import { Field } from '../followup-template/step'
import { Gauge, sendable, usePreview } from '../part/gauge'
import { moment } from '../part/moment'
import { Banner } from '../part/banner'
import { PatientPicker } from '../part/picker'

/** Compose writes one message; segments, cost, lint and the gate's word are live (SM-04). */
export function Compose({ onClose }: { onClose: () => void }) {
  const t = useText(message)
  const c = useText(common)
  const p = useText(part)
  const { may } = useSession()
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const draft = useDraft<string>('message.compose')
  const [patient, setPatient] = useState<string>()
  const [purpose, setPurpose] = useState('care')
  const [text, setText] = useState(draft.restored?.value ?? '')
  const [later, setLater] = useState('')
  const [busy, setBusy] = useState(false)
  const [key] = useState(newKey)
  const preview = usePreview(patient, text, purpose)
  const templates = useQuery({ queryKey: ['message', 'template'], enabled: may('message.template.*'), queryFn: ({ signal }) => call('GET /api/v1/message-templates', { signal }), staleTime: 60_000 })
  const ready = !!patient && text.trim() !== '' && sendable(preview.data)
  const send = async () => {
    if (!ready || busy) return
    setBusy(true)
    try {
      await call('POST /api/v1/messages', { body: { patient_id: patient, text: text.trim(), purpose, ...(later ? { not_before: moment(later.slice(0, 10), later.slice(11, 16)) } : {}) }, idempotencyKey: key })
      draft.drop()
      void client.invalidateQueries({ queryKey: ['message'] })
      undo(t.queued)
      onClose()
    } catch (e) { fail(e); setBusy(false) }
  }
  return (
    <Modal open title={t.compose} okText={t.sendNow} cancelText={c.cancel} confirmLoading={busy} okButtonProps={{ disabled: !ready }} onOk={() => void send()} onCancel={onClose} width={600}>
      <div className="stack" onKeyDown={e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void send() }}>
        <Field label={t.recipient} need><PatientPicker label={t.recipient} autoFocus value={patient} onChange={setPatient} /></Field>
        <Banner id={patient} />
        <div className="fld" role="group" aria-label={t.purpose}><span className="fld-label">{t.purpose}</span><Segmented value={purpose} onChange={v => setPurpose(String(v))} options={Object.entries(p.purposes).map(([value, label]) => ({ value, label }))} /></div>
        {(templates.data?.items.length ?? 0) > 0 && <Field label={t.template}><Select aria-label={t.template} allowClear placeholder={t.template} showSearch={{ optionFilterProp: 'label' }} onChange={(id: string | undefined) => { const x = templates.data?.items.find(y => y.id === id); if (x) { setText(x.text); draft.keep(x.text); if (x.purpose) setPurpose(x.purpose) } }} options={(templates.data?.items ?? []).filter(x => x.state === 'approved').map(x => ({ value: x.id, label: x.name }))} /></Field>}
        <Field label={t.content} need><Input.TextArea autoSize={{ minRows: 4, maxRows: 10 }} value={text} onChange={e => { setText(e.target.value); draft.keep(e.target.value) }} /></Field>
        <Gauge query={preview} idle={!patient || text.trim() === ''} />
        <Field label={t.notBefore} hint={t.notBeforeHint}><Input type="datetime-local" className="laterinput" value={later} onChange={e => setLater(e.target.value)} /></Field>
      </div>
    </Modal>
  )
}
