import { Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { request } from '../../../api/call'
import type { PatientFilter } from '../../../api/contract/patient'
import { today, totalOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { patients } from '../../../lib/text/patients'
import { useFail, useUndo } from '../../../lib/ui'

/** download saves an answer as a file. */
export async function download(answer: Response, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = name
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** ExportDialog asks for the purpose before a list leaves the house. */
export function ExportDialog({ text, filter, sort, total, onClose }: { text: string; filter: PatientFilter; sort: string; total?: { value: number; exact: boolean }; onClose: () => void }) {
  const t = useText(patients)
  const c = useText(common)
  const fail = useFail()
  const undo = useUndo()
  const [reason, setReason] = useState('')
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx')
  const [busy, setBusy] = useState(false)
  const go = async () => {
    if (!reason.trim()) return
    setBusy(true)
    try {
      await download(await request('POST', '/api/v1/patients/export', { body: { text: text || undefined, filter, sort, reason: reason.trim(), format, unmasked: false } }), `patients-${today()}.${format}`)
      undo(t.exporting.done)
      onClose()
    } catch (e) { fail(e) } finally { setBusy(false) }
  }
  return (
    <Modal open title={t.exporting.title} okText={t.exporting.go} cancelText={c.cancel} width={460} confirmLoading={busy} okButtonProps={{ disabled: !reason.trim() }} onOk={go} onCancel={onClose}>
      <div className="stack">
        <p className="sub">{total && <b>{t.exporting.count(totalOf(total))} · </b>}{t.exporting.note}</p>
        <label>{t.exporting.reason}<Input autoFocus placeholder={t.exporting.reasonHint} maxLength={200} value={reason} onChange={e => setReason(e.target.value)} onPressEnter={() => void go()} /></label>
        <Radio.Group aria-label={t.exporting.format} value={format} onChange={e => setFormat(e.target.value as 'xlsx' | 'csv')} options={[{ value: 'xlsx', label: 'Excel' }, { value: 'csv', label: 'CSV' }]} />
      </div>
    </Modal>
  )
}
