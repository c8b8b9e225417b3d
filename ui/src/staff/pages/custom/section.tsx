import type { Field, FieldValue } from '../../../api/contract/custom'
import { useLanguage, useText } from '../../../lib/i18n'
import { fields as words } from '../../../lib/text/fields'
import { Panel } from '../../../lib/ui'
import { fieldLabel, useFields } from '../../custom'
import { Control } from './control'
import './custom.css'

/** CustomFields are a hospital's own fields in a form, under their headings. errors are by "fields.<id>". */
export function CustomFields({ value, onChange, errors }: { value: FieldValue[]; onChange: (v: FieldValue[]) => void; errors: Record<string, string> }) {
  const t = useText(words)
  const lang = useLanguage()
  const q = useFields()
  const all = q.data?.items ?? []
  if (all.length === 0) return null
  const sections = [...new Set(all.map(f => f.section))]
  const set = (f: Field, values: string[]) => onChange([...value.filter(x => x.field_id !== f.id), { field_id: f.id, values }])
  return <>
    {sections.map(s => (
      <Panel key={s} title={s || t.own}>
        <div className="pf-grid">
          {all.filter(f => f.section === s).map(f => {
            const bad = errors['fields.' + f.id]
            const help = lang === 'en' && f.help_en ? f.help_en : f.help_zh
            return (
              <div key={f.id} className={'pf-line' + (f.kind === 'long_text' ? ' wide' : '')}>
                <label className="pf-label" htmlFor={'cf-' + f.id}>{fieldLabel(f, lang)}{f.required && <i title={t.required} aria-hidden="true">*</i>}{help && <small>{help}</small>}</label>
                <Control id={'cf-' + f.id} field={f} values={value.find(x => x.field_id === f.id)?.values ?? []} invalid={!!bad} onChange={v => set(f, v)} />
                {bad && <p className="pf-error" role="alert">{bad}</p>}
              </div>
            )
          })}
        </div>
      </Panel>
    ))}
  </>
}
