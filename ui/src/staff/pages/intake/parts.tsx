import { Button, Input } from 'antd'
import { useState } from 'react'
import { useText } from '../../../lib/i18n'
import { feed } from '../../../lib/text/feed'
import { Panel } from '../../../lib/ui'

export interface Part { place: string; value: string; hidden: boolean }

/** Parts lets a person put a message right field by field; what was received stays as it is. */
export function Parts({ parts, busy, faults, onSave }: { parts: Part[]; busy: boolean; faults: Record<string, string>; onSave: (values: Record<string, string>) => void }) {
  const t = useText(feed)
  const [values, setValues] = useState<Record<string, string>>({})
  const [all, setAll] = useState(false)
  const [place, setPlace] = useState('')
  const filled = parts.filter(p => p.value !== '' || p.hidden)
  const shown = all ? parts : filled.slice(0, 60)
  const mended = Object.entries(values).filter(([k, v]) => v !== (parts.find(p => p.place === k)?.value ?? ''))
  return (
    <Panel title={t.parts} note={t.partsHint} extra={<Button size="small" type="primary" loading={busy} disabled={mended.length === 0} onClick={() => onSave(Object.fromEntries(mended))}>{t.mend}</Button>}>
      <ul className="msg-parts">
        {shown.map(p => <li key={p.place}><label><code>{p.place}</code><Input size="small" value={values[p.place] ?? p.value} placeholder={p.hidden ? t.hidden : undefined} status={faults[p.place] ? 'error' : undefined} onChange={e => setValues({ ...values, [p.place]: e.target.value })} /></label>{faults[p.place] && <span className="fld-bad" role="alert">{faults[p.place]}</span>}</li>)}
        {Object.keys(values).filter(k => !parts.some(p => p.place === k)).map(k => <li key={k}><label><code>{k}</code><Input size="small" value={values[k]} status={faults[k] ? 'error' : undefined} onChange={e => setValues({ ...values, [k]: e.target.value })} /></label>{faults[k] && <span className="fld-bad" role="alert">{faults[k]}</span>}</li>)}
      </ul>
      <div className="row">
        {!all && shown.length < parts.length && <Button size="small" onClick={() => setAll(true)}>{t.showAll(parts.length)}</Button>}
        <span className="grow" />
        <Input className="kw" size="small" aria-label={t.place} placeholder={t.place} value={place} onChange={e => setPlace(e.target.value.trim().toUpperCase())} />
        <Button size="small" disabled={!/^\d+\/[A-Z][A-Z0-9]{2}-\d+$/.test(place)} onClick={() => { setValues({ ...values, [place]: values[place] ?? '' }); setPlace('') }}>{t.addField}</Button>
      </div>
    </Panel>
  )
}
