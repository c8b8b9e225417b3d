import { Button, Cascader, Input, Modal } from 'antd'
import { PlusOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import '../../../api/contract/custom'
import type { Detail } from '../../../api/contract/patient'
import { useLanguage, useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { touches as words } from '../../../lib/text/touches'
import { Facts, Panel, StatusTag, useFail, useUndo, When } from '../../../lib/ui'
import { fieldLabel, showValues, useDictionary, useFields } from '../../custom'
import { useColleagues } from '../../lookup'
import { useSession } from '../../session'

/** Sources tell how a patient came to us: the first source, which stays, and every later contact. */
export function Sources({ patient: p }: { patient: Detail }) {
  const t = useText(words)
  const { may } = useSession()
  const dict = useDictionary('source')
  const [open, setOpen] = useState<'add' | 'correct'>()
  const q = useQuery({ queryKey: ['patient', p.id, 'touches'], queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/touches', { path: { id: p.id }, signal }) })
  return (
    <Panel title={t.title} extra={may('patient.patient.update') && <Button size="small" type="text" icon={<PlusOutlined />} onClick={() => setOpen('add')}>{t.add}</Button>}>
      {q.data?.items.length === 0 && <p className="sub">{t.none}</p>}
      <ul className="plain-list">{q.data?.items.map(x => <li key={x.id || 'first'}><div className="row"><b>{dict.label(x.source)}</b>{x.first && <StatusTag tone="info">{t.first}</StatusTag>}<span className="grow" /><small className="sub"><When at={x.at} /></small></div>{(x.note || (!x.first && x.origin !== 'hand')) && <span className="sub">{x.note || x.origin}</span>}</li>)}</ul>
      {p.source && may('patient.source.update') && <Button size="small" type="link" onClick={() => setOpen('correct')}>{t.correct}</Button>}
      {open && <Ask patient={p} correct={open === 'correct'} onClose={() => setOpen(undefined)} />}
    </Panel>
  )
}

function Ask({ patient: p, correct, onClose }: { patient: Detail; correct: boolean; onClose: () => void }) {
  const t = useText(words)
  const c = useText(common)
  const dict = useDictionary('source')
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const [path, setPath] = useState<string[]>([])
  const [note, setNote] = useState('')
  const [bad, setBad] = useState('')
  const source = path[path.length - 1]
  const ready = !!source && (!correct || note.trim().length > 1)
  const go = async () => {
    if (!source || !ready) return
    try {
      if (correct) await call('POST /api/v1/patients/{id}/source', { path: { id: p.id }, body: { version: p.version, source, reason: note.trim() } })
      else await call('POST /api/v1/patients/{id}/touches', { path: { id: p.id }, body: { source, note: note.trim() } })
      await client.invalidateQueries({ queryKey: ['patient', p.id] })
      undo(correct ? t.corrected : t.added)
      onClose()
    } catch (e) { if (e instanceof ApiError && e.status === 422) setBad(e.fields[0]?.message ?? e.detail); else fail(e) }
  }
  return (
    <Modal open title={correct ? t.correct : t.add} okText={c.save} cancelText={c.cancel} width={420} okButtonProps={{ disabled: !ready }} onOk={go} onCancel={onClose}>
      <div className="stack">
        <p className="sub">{t.fixed}</p>
        <Cascader autoFocus aria-label={t.source} placeholder={t.source} changeOnSelect options={dict.tree} value={path} onChange={v => setPath((v ?? []).map(String))} />
        <Input aria-label={correct ? t.reason : t.note} placeholder={correct ? t.reason : t.notePlaceholder} maxLength={200} value={note} onChange={e => setNote(e.target.value)} onPressEnter={() => void go()} />
        {bad && <p className="fld-bad" role="alert">{bad}</p>}
      </div>
    </Modal>
  )
}

/** OwnFields are the hospital's own fields of a patient, read. */
export function OwnFields({ patientId }: { patientId: string }) {
  const t = useText(words)
  const c = useText(common)
  const lang = useLanguage()
  const defs = useFields()
  const colleagues = useColleagues(defs.data?.items.some(f => f.kind === 'person'))
  const q = useQuery({ queryKey: ['patient', patientId, 'fields'], enabled: !!defs.data?.items.length, queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/fields', { path: { id: patientId }, signal }) })
  const filled = (defs.data?.items ?? []).flatMap(f => { const v = q.data?.items.find(x => x.field_id === f.id)?.values; return v?.length ? [[fieldLabel(f, lang), showValues(f, v, lang, c, id => colleagues.data?.items.find(x => x.id === id)?.name ?? '…')] as [React.ReactNode, React.ReactNode]] : [] })
  if (!defs.data?.items.length || !q.data) return null
  return <Panel title={t.fields}>{filled.length ? <Facts items={filled} /> : <p className="sub">{t.empty}</p>}</Panel>
}
