import { Button, Input } from 'antd'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api/call'
import '../../api/contract/intake'
import { useDraft } from '../../lib/draft'
import { useText } from '../../lib/i18n'
import { imports } from '../../lib/text/import'
import { PageHeader, Panel, useFail } from '../../lib/ui'
import './part/form.css'
import './intake.css'

/** A list copied from a spreadsheet or a chat becomes an import. */
export default function PastePage() {
  const t = useText(imports)
  const navigate = useNavigate()
  const fail = useFail()
  const draft = useDraft<{ name: string; text: string }>('intake.paste')
  const [value, setValue] = useState(draft.restored?.value ?? { name: '', text: '' })
  const [busy, setBusy] = useState(false)
  const change = (patch: Partial<typeof value>) => { const next = { ...value, ...patch }; setValue(next); draft.keep(next) }
  const go = async () => {
    setBusy(true)
    try {
      const up = await call('POST /api/v1/intake/uploads/pasted', { body: { name: value.name.trim() || t.pasteDefault, text: value.text } })
      draft.drop()
      void navigate({ to: '/intake/uploads/$id', params: { id: up.id } })
    } catch (e) { fail(e) } finally { setBusy(false) }
  }
  return (
    <div className="page">
      <PageHeader title={t.pasteTitle} back={{ to: '/intake', label: t.back }}><Button type="primary" loading={busy} disabled={!value.text.trim()} onClick={() => void go()}>{t.pasteGo}</Button></PageHeader>
      <Panel>
        <p className="sub">{t.pasteHint}</p>
        <div className="stack">
          <label className="read-name">{t.pasteName}<Input aria-label={t.pasteName} maxLength={80} placeholder={t.pasteDefault} value={value.name} onChange={e => change({ name: e.target.value })} /></label>
          <Input.TextArea aria-label={t.pasteTitle} autoFocus rows={16} className="paste" placeholder={t.pasteSample} value={value.text} onChange={e => change({ text: e.target.value })} />
        </div>
      </Panel>
    </div>
  )
}
