import { Button, Input, type InputRef, Modal, Segmented, Select } from 'antd'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { call, newKey } from '../../../api/call'
import '../../../api/contract/task'
import type { Detail } from '../../../api/contract/patient'
import { addDays, relDay, today } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { patient as words } from '../../../lib/text/patient'
import { useFail, useUndo } from '../../../lib/ui'
import { useColleagues } from '../../lookup'
import { useSession } from '../../session'

/** AdhocDialog plans one follow-up: F, the words, Enter. */
export function AdhocDialog({ patient: p, onClose }: { patient: Detail; onClose: () => void }) {
  const t = useText(words)
  const c = useText(common)
  const undo = useUndo()
  const fail = useFail()
  const client = useQueryClient()
  const { session } = useSession()
  const box = useRef<InputRef>(null)
  const key = useRef(newKey())
  const days = [today(), addDays(today(), 1), addDays(today(), 3), addDays(today(), 7)]
  const [date, setDate] = useState(days[1]!)
  const [title, setTitle] = useState('')
  const [note, setNote] = useState('')
  const [channel, setChannel] = useState<'call' | 'message'>('call')
  const [owner, setOwner] = useState(session.id)
  const colleagues = useColleagues()
  const make = useMutation({
    mutationFn: () => call('POST /api/v1/followup/tasks', { body: { patient_id: p.id, due_date: date, channel, title: title.trim(), note: note.trim() || undefined, owner_id: owner }, idempotencyKey: key.current }),
    onSuccess: task => {
      onClose()
      const fresh = () => { void client.invalidateQueries({ queryKey: ['patient', p.id] }); void client.invalidateQueries({ queryKey: ['worklist'] }) }
      undo(t.adhocForm.done(relDay(date)), () => call('POST /api/v1/followup/tasks/{id}/undo', { path: { id: task.id } }).then(fresh).catch(fail))
      fresh()
    },
    onError: fail,
  })
  const go = () => { if (title.trim() && !make.isPending) make.mutate() }
  return (
    <Modal open title={`${t.adhocForm.title} · ${p.name}`} okText={t.adhocForm.go} cancelText={c.cancel} width={480} confirmLoading={make.isPending} okButtonProps={{ disabled: !title.trim() }} onOk={go} onCancel={onClose} afterOpenChange={o => { if (o) box.current?.focus() }}>
      <div className="stack form" onKeyDown={e => { if (e.altKey && /^[1-4]$/.test(e.key)) { e.preventDefault(); setDate(days[Number(e.key) - 1]!) } }}>
        <label>{t.adhocForm.what}<Input ref={box} autoFocus placeholder={t.adhocForm.placeholder} maxLength={120} value={title} onChange={e => setTitle(e.target.value)} onPressEnter={e => { if (!e.nativeEvent.isComposing) go() }} /></label>
        <div><span className="sub">{t.adhocForm.when}</span><div className="row">{days.map((d, i) => <Button key={d} type={d === date ? 'primary' : 'default'} aria-pressed={d === date} onClick={() => setDate(d)}>{t.adhocForm.days[i]}<kbd>{i + 1}</kbd></Button>)}<Input type="date" aria-label={t.adhocForm.when} className="date-in" min={today()} value={date} onChange={e => { if (e.target.value) setDate(e.target.value) }} /></div></div>
        <div className="cols2">
          <label>{t.adhocForm.channel}<Segmented block value={channel} onChange={v => setChannel(v)} options={[{ value: 'call' as const, label: t.adhocForm.call }, { value: 'message' as const, label: t.adhocForm.message }]} /></label>
          <label>{t.adhocForm.owner}<Select aria-label={t.adhocForm.owner} showSearch={{ optionFilterProp: 'label' }} value={owner} onChange={setOwner} options={[{ value: session.id, label: `${session.name} (${t.adhocForm.me})` }, ...(colleagues.data?.items ?? []).filter(x => x.id !== session.id).map(x => ({ value: x.id, label: x.name }))]} /></label>
        </div>
        <label>{t.adhocForm.note}<Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={1000} value={note} onChange={e => setNote(e.target.value)} /></label>
        <p className="sub">{t.adhocForm.hint}</p>
      </div>
    </Modal>
  )
}
