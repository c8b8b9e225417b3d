import { Input, Select } from 'antd'
import type { Upload } from '../../../api/contract/intake'
import { count } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { imports } from '../../../lib/text/import'
import { Facts, Panel } from '../../../lib/ui'
import type { Choice } from '../intake-upload'

/** Source asks how the file is read and shows its first values as they are read now. */
export function Source({ up, choice, busy, onChange }: { up: Upload; choice: Choice; busy: boolean; onChange: (patch: Partial<Choice>) => void }) {
  const t = useText(imports)
  return (
    <>
      <Panel title={t.file} note={t.fileNote}>
        {up.columns.length === 0 && <p className="sub">{t.hl7}</p>}
        {up.bare && <p className="soon">{t.bare}</p>}
        <div className="read-how">
          {up.encodings.length > 0 && <label>{t.encoding}<Select aria-label={t.encoding} value={choice.encoding || up.encoding} onChange={v => onChange({ encoding: v, mapping: undefined })} options={up.encodings.map(v => ({ value: v, label: v }))} /></label>}
          {up.sheets.length > 1 && <label>{t.sheet}<Select aria-label={t.sheet} value={choice.sheet || up.sheet} onChange={v => onChange({ sheet: v, mapping: undefined })} options={up.sheets.map(v => ({ value: v, label: v }))} /></label>}
          {up.columns.length > 0 && <label>{t.issuer}<Input aria-label={t.issuer} maxLength={40} defaultValue={choice.issuer || up.issuer} onBlur={e => onChange({ issuer: e.target.value.trim() })} /><small className="sub">{t.issuerHint}</small></label>}
        </div>
        <Facts items={[[t.format, up.kind.toUpperCase()], [t.encoding, up.encoding], ...(up.sheet ? [[t.sheet, up.sheet] as [string, string]] : []), [t.rows, count(up.rows)]]} />
      </Panel>
      {up.first.length > 0 && <Panel title={t.sampleRows} note={busy ? t.rereading : t.empties}>
        <div className="sheet-peek" tabIndex={0} role="region" aria-label={t.sampleRows}><table><thead><tr>{up.columns.map((c, i) => <th key={i} scope="col">{c.name}</th>)}</tr></thead>
          <tbody>{up.first.map((line, i) => <tr key={i}>{line.map((v, j) => <td key={j}>{v}</td>)}</tr>)}</tbody></table></div>
      </Panel>}
    </>
  )
}
