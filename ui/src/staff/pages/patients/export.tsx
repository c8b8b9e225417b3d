import { Checkbox, Input, Modal, Radio, Switch } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import type { PatientFilter } from '../../../api/contract/patient'
import { totalOf } from '../../../lib/format'
import { useLanguage, useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { patients } from '../../../lib/text/patients'
import { useFail, useUndo } from '../../../lib/ui'
import { fieldLabel, useFields } from '../../custom'
import { useSession } from '../../session'

/** Which columns of the file belong to a column of the list. */
const behind: Record<string, string[]> = {
  name: ['name', 'sex', 'birth_date', 'age'], phone: ['mobile', 'phone'], diagnosis: ['diagnosis'], next: ['next'], seen_at: ['seen_at'], department: ['department', 'doctor'], tags: ['tags'], source: ['source'],
}

/** columnsOf turns the columns one sees into those of the file. */
export const columnsOf = (shown: string[]) => shown.flatMap(k => (k.startsWith('field:') ? [k] : behind[k] ?? []))

/** ExportDialog asks for purpose, columns and format before a list leaves the house; a job writes it into the tray. */
export function ExportDialog({ text, filter, sort, total, shown, onClose }: { text: string; filter: PatientFilter; sort: string | undefined; total?: { value: number; exact: boolean }; shown: string[]; onClose: () => void }) {
  const t = useText(patients)
  const c = useText(common)
  const lang = useLanguage()
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { may } = useSession()
  const custom = useFields()
  const own = useQuery({ queryKey: ['view', 'export-columns'], staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/patients/export/columns', { signal }) })
  const [reason, setReason] = useState('')
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx')
  const [unmasked, setUnmasked] = useState(false)
  const [columns, setColumns] = useState(() => columnsOf(shown))
  const [busy, setBusy] = useState(false)
  const [bad, setBad] = useState('')
  const all = [...(own.data?.items ?? []).map(k => ({ value: k, label: t.exporting.columns[k] ?? k })), ...(custom.data?.items ?? []).map(f => ({ value: 'field:' + f.key, label: fieldLabel(f, lang) }))]
  const go = async () => {
    if (!reason.trim() || columns.length === 0) return
    setBusy(true)
    setBad('')
    try {
      const order = all.map(x => x.value).filter(x => columns.includes(x))
      await call('POST /api/v1/patients/export', { body: { text: text || undefined, filter, sort, reason: reason.trim(), format, unmasked, columns: order } })
      await client.invalidateQueries({ queryKey: ['view', 'exports'] })
      onClose()
      undo(t.exporting.started)
      void navigate({ to: '/downloads' })
    } catch (e) {
      if (e instanceof ApiError && e.status === 422) setBad(e.fields[0]?.message ?? e.detail)
      else fail(e)
    } finally { setBusy(false) }
  }
  return (
    <Modal open title={filter.ids ? t.exporting.titleChosen : t.exporting.title} okText={t.exporting.go} cancelText={c.cancel} width={560} confirmLoading={busy} okButtonProps={{ disabled: !reason.trim() || columns.length === 0 }} onOk={go} onCancel={onClose}>
      <div className="stack">
        <p className="sub">{total && <b>{t.exporting.count(totalOf(total))} · </b>}{t.exporting.note}</p>
        <label>{t.exporting.reason}<Input autoFocus placeholder={t.exporting.reasonHint} maxLength={200} value={reason} status={bad ? 'error' : undefined} onChange={e => setReason(e.target.value)} onPressEnter={() => void go()} /></label>
        {bad && <p className="pf-error" role="alert">{bad}</p>}
        <fieldset className="ex-cols"><legend>{t.exporting.which}</legend><Checkbox.Group value={columns} onChange={v => setColumns(v.map(String))} options={all.map(x => ({ ...x, disabled: x.value === 'name' }))} /></fieldset>
        <div className="row"><Radio.Group aria-label={t.exporting.format} value={format} onChange={e => setFormat(e.target.value as 'xlsx' | 'csv')} options={[{ value: 'xlsx', label: 'Excel' }, { value: 'csv', label: 'CSV' }]} /></div>
        {may('patient.unmasked.export') && <label className="row"><Switch size="small" checked={unmasked} onChange={setUnmasked} aria-label={t.exporting.unmasked} /><span>{t.exporting.unmasked}{unmasked && <b className="ex-warn"> {t.exporting.unmaskedNote}</b>}</span></label>}
      </div>
    </Modal>
  )
}
