import { Button, Input, Modal, Select, Tooltip } from 'antd'
import { EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons'
import { useEffect, useState } from 'react'
import { useText } from '../i18n'
import { common } from '../text/common'
import { useFail } from './undo'

interface Revealed { value: string; seconds?: number }
interface Props {
  /** The masked form as the server sent it. */
  value: string
  /** Which kind of field: phone, id_card, address, email. */
  field: string
  /** Asks the server; absent when the reader may not reveal. */
  reveal?: (reason: string) => Promise<Revealed>
}

/** Masked shows a field masked. Revealing asks why, lasts 30 seconds, hides itself and says that it was logged. */
export function Masked({ value, field, reveal }: Props) {
  const t = useText(common)
  const fail = useFail()
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [reason, setReason] = useState('verify')
  const [other, setOther] = useState('')
  const [shown, setShown] = useState('')
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (left <= 0) { setShown(''); return }
    const h = window.setTimeout(() => setLeft(left - 1), 1000)
    return () => window.clearTimeout(h)
  }, [left])
  const why = reason === 'other' ? other.trim() : t.mask.reasons[reason] ?? reason
  const go = async () => {
    if (!reveal || !why) return
    setBusy(true)
    try {
      const r = await reveal(why)
      setShown(r.value)
      setLeft(r.seconds ?? 30)
      setAsking(false)
    } catch (e) { fail(e) } finally { setBusy(false) }
  }
  const what = t.mask.fields[field] ?? field
  return (
    <span className="masked">
      <b>{shown ? (field === 'phone' ? shown.replace(/^(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3') : shown) : value}</b>
      {shown
        ? <><small role="status">{t.mask.left(left)}</small><Button size="small" type="text" aria-label={t.mask.hide} icon={<EyeInvisibleOutlined />} onClick={() => setLeft(0)} /></>
        : reveal && <Tooltip title={t.mask.reveal}><Button size="small" type="text" aria-label={t.mask.title(what)} icon={<EyeOutlined />} onClick={() => setAsking(true)} /></Tooltip>}
      <Modal open={asking} title={t.mask.title(what)} okText={t.mask.show(30)} cancelText={t.cancel} width={420} confirmLoading={busy} okButtonProps={{ disabled: !why }} onOk={go} onCancel={() => setAsking(false)}>
        <p className="sub">{t.mask.note}</p>
        <Select aria-label={t.mask.reason} autoFocus value={reason} onChange={setReason} className="full" options={Object.entries(t.mask.reasons).map(([k, label]) => ({ value: k, label }))} />
        {reason === 'other' && <Input className="gap-top" autoFocus aria-label={t.mask.why} placeholder={t.mask.why} maxLength={200} value={other} onChange={e => setOther(e.target.value)} onPressEnter={go} />}
      </Modal>
    </span>
  )
}
