import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useText } from '../../../lib/i18n'
import { form } from '../../../lib/text/patient-form'
import type { threeWay } from './rules'

type Both = ReturnType<typeof threeWay>

/** Conflict lets a person choose field by field what stays, when somebody else saved first. */
export function Conflict({ both, label, busy, onSave, onDrop }: { both: Both; label: (key: string, value: string) => string; busy: boolean; onSave: (patch: Record<string, string>) => void; onDrop: () => void }) {
  const t = useText(form)
  const [chosen, setChosen] = useState<Record<string, 'mine' | 'theirs'>>({})
  const show = (key: string, v: string) => label(key, v) || t.conflict.empty
  const done = both.clashes.every(c => chosen[c.key])
  const save = () => {
    const patch = { ...both.patch }
    for (const c of both.clashes) if (chosen[c.key] === 'mine') patch[c.key] = c.mine
    onSave(patch)
  }
  return (
    <Modal open width={680} title={t.conflict.title} closable={false} mask={{ closable: false }} keyboard={false} footer={<><Button onClick={onDrop}>{t.conflict.discard}</Button><Button type="primary" disabled={!done} loading={busy} onClick={save}>{t.conflict.go}</Button></>}>
      <p className="sub">{t.conflict.hint}</p>
      {both.clashes.length > 0 && (
        <table className="clash">
          <thead><tr><th>{t.conflict.field}</th><th>{t.conflict.base}</th><th>{t.conflict.theirs}</th><th>{t.conflict.mine}</th></tr></thead>
          <tbody>{both.clashes.map(c => (
            <tr key={c.key}>
              <th scope="row">{t.f[c.key] ?? c.key}</th><td className="sub">{show(c.key, c.base)}</td>
              {(['theirs', 'mine'] as const).map(side => <td key={side}><label className={chosen[c.key] === side ? 'on' : undefined}><input type="radio" name={'clash-' + c.key} checked={chosen[c.key] === side} onChange={() => setChosen({ ...chosen, [c.key]: side })} />{show(c.key, c[side])}</label></td>)}
            </tr>
          ))}</tbody>
        </table>
      )}
      {both.theirs.length > 0 && <p className="sub">{t.conflict.auto(both.theirs.map(c => `${t.f[c.key] ?? c.key} → ${show(c.key, c.theirs)}`).join(t.conflict.comma))}</p>}
    </Modal>
  )
}
