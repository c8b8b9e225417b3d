import { Input, Modal } from 'antd'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import type { Template } from '../../../api/contract/followup'
import { addDays, today } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { template } from '../../../lib/text/template'
import { useFail } from '../../../lib/ui'
import { Field } from './step'

/** Activate asks who stands for the content, on what ground and until when. */
export function Activate({ row, open, onClose, onDone }: { row: Template; open: boolean; onClose: () => void; onDone: (t: Template) => void }) {
  const t = useText(template)
  const c = useText(common)
  const fail = useFail()
  const [reviewer, setReviewer] = useState(row.reviewer)
  const [source, setSource] = useState(row.source)
  const [until, setUntil] = useState(row.valid_until || addDays(today(), 365))
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const ready = reviewer.trim() && source.trim() && until
  const go = async () => {
    if (!ready || busy) return
    setBusy(true)
    try {
      onDone(await call('POST /api/v1/followup/templates/{id}/activate', { path: { id: row.id }, body: { reviewer: reviewer.trim(), source: source.trim(), valid_until: until } }))
    } catch (e) {
      if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message])))
      else fail(e)
    } finally { setBusy(false) }
  }
  const other = Object.entries(faults).filter(([k]) => !['reviewer', 'source', 'valid_until'].includes(k))
  return (
    <Modal open={open} title={t.activateTitle} okText={t.activate} cancelText={c.cancel} confirmLoading={busy} okButtonProps={{ disabled: !ready }} onOk={() => void go()} onCancel={onClose} width={480}>
      <p className="sub">{t.activateHint}</p>
      <div className="stack">
        <Field label={t.reviewer} need fault={faults.reviewer}><Input autoFocus value={reviewer} maxLength={60} onChange={e => setReviewer(e.target.value)} /></Field>
        <Field label={t.source} hint={t.sourceHint} need fault={faults.source}><Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} value={source} maxLength={500} onChange={e => setSource(e.target.value)} /></Field>
        <Field label={t.validUntil} need fault={faults.valid_until}><Input type="date" value={until} min={today()} onChange={e => setUntil(e.target.value)} /></Field>
        {other.length > 0 && <ul className="late">{other.map(([k, v]) => <li key={k}>{v}</li>)}</ul>}
      </div>
    </Modal>
  )
}
