import { Button, Input, Select } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { call } from '../../../api/call'
import type { Upload, UploadColumn } from '../../../api/contract/intake'
import { count } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { imports } from '../../../lib/text/import'
import { Panel, StatusTag, useFail, useUndo } from '../../../lib/ui'
import type { Choice } from '../intake-upload'

/** Columns says which field each column feeds; what is left out is named, and the whole can be saved by name. */
export function Columns({ up, mapping, twice, noName, choice, onChange }: { up: Upload; mapping: Record<string, string>; twice: Set<string>; noName: boolean; choice: Choice; onChange: (patch: Partial<Choice>) => void }) {
  const t = useText(imports)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const out = up.columns.filter(c => !mapping[c.name]).map(c => c.name)
  const forget = async () => {
    if (!up.mapping) return
    try {
      await call('DELETE /api/v1/intake/mappings/{id}', { path: { id: up.mapping.id } })
      onChange({ mapping: undefined })
      void client.invalidateQueries({ queryKey: ['intake', 'upload', up.id] })
      undo(t.forgot)
    } catch (e) { fail(e) }
  }
  return (
    <>
      {up.mapping && <Panel><p className="row"><StatusTag tone="ok">{t.usedMapping(up.mapping.name)}</StatusTag><Button size="small" type="text" onClick={() => void forget()}>{t.forget}</Button></p></Panel>}
      <Panel title={t.mapping} extra={t.mappedN(up.columns.length - out.length, up.columns.length)}>
        {noName && <p className="fld-bad" role="alert">{t.noName}</p>}
        <div className="map-head" aria-hidden="true"><span>{t.column}</span><span>{t.samples}</span><span>{t.field}</span></div>
        <ul className="map">{up.columns.map((c, i) => <Line key={i} c={c} value={mapping[c.name] ?? ''} fields={up.fields} twice={twice} onChange={f => onChange({ mapping: { ...mapping, [c.name]: f } })} />)}</ul>
        {out.length > 0 && <p className="sub">{t.unmapped(out.join(t.comma))}</p>}
      </Panel>
      <Panel><div className="read-how"><label>{t.saveAs}<Input aria-label={t.saveAs} maxLength={80} value={choice.saveAs} onChange={e => onChange({ saveAs: e.target.value })} /><small className="sub">{t.saveHint}</small></label></div></Panel>
    </>
  )
}

function Line({ c, value, fields, twice, onChange }: { c: UploadColumn; value: string; fields: Upload['fields']; twice: Set<string>; onChange: (f: string) => void }) {
  const t = useText(imports)
  const clash = !!value && twice.has(value)
  return (
    <li className={!c.sure ? 'doubt' : ''}>
      <span><b>{c.name}</b> <small className="sub">{t.types[c.type] ?? c.type}{c.filled > 0 && ` · ${t.filled(count(c.filled))}`}</small></span>
      <span className="sub samples">{c.samples.slice(0, 3).join(' · ')}</span>
      <span className="row"><Select className="map-pick" aria-label={`${t.field} ${c.name}`} status={clash ? 'error' : undefined} showSearch={{ optionFilterProp: 'label' }} value={value} onChange={onChange} options={[{ value: '', label: t.ignore }, ...fields.map(f => ({ value: f.code, label: f.label }))]} />
        {clash ? <StatusTag tone="bad">{t.twice}</StatusTag> : value && c.sure ? <StatusTag tone="ok">{t.sure}</StatusTag> : !c.sure && value ? <StatusTag tone="warn">{t.unsure}</StatusTag> : null}</span>
    </li>
  )
}
