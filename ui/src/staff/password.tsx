import { Input, Modal } from 'antd'
import { useState } from 'react'
import { ApiError, call } from '../api/call'
import { useText } from '../lib/i18n'
import { common } from '../lib/text/common'
import { password } from '../lib/text/password'
import { useUndo, words } from '../lib/ui/undo'

/** PasswordDialog changes the own password; other sessions of the account end with it. */
export default function PasswordDialog({ onClose }: { onClose: () => void }) {
  const t = useText(password)
  const c = useText(common)
  const say = useUndo()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const go = async () => {
    if (next.length < 10) { setWrong(t.short); return }
    if (next !== again) { setWrong(t.differs); return }
    setBusy(true)
    try {
      await call('PUT /api/v1/me/password', { body: { current, next } })
      say(t.done)
      onClose()
    } catch (e) { setWrong((e instanceof ApiError && e.fields[0]?.message) || words(e)) } finally { setBusy(false) }
  }
  const line = (label: string, value: string, set: (v: string) => void, auto: string, first = false) => <label>{label}<Input.Password autoFocus={first} autoComplete={auto} value={value} onChange={e => { set(e.target.value); setWrong('') }} onPressEnter={() => void go()} /></label>
  return (
    <Modal open title={t.title} okText={t.go} cancelText={c.cancel} width={400} confirmLoading={busy} okButtonProps={{ disabled: !current || !next || !again }} onOk={go} onCancel={onClose}>
      <div className="stack">
        {line(t.current, current, setCurrent, 'current-password', true)}
        {line(t.next, next, setNext, 'new-password')}
        {line(t.again, again, setAgain, 'new-password')}
        {wrong && <p className="late" role="alert">{wrong}</p>}
      </div>
    </Modal>
  )
}
