import { Input, InputNumber, Select } from 'antd'
import type { Field } from '../../../api/contract/custom'
import { useLanguage, useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { found } from '../../custom'
import { useColleagues } from '../../lookup'

interface Props { field: Field; values: string[]; onChange: (values: string[]) => void; id?: string; invalid?: boolean; autoFocus?: boolean; onDone?: () => void }

/** Control edits one custom field by its kind. */
export function Control({ field: f, values, onChange, id, invalid, autoFocus, onDone }: Props) {
  const lang = useLanguage()
  const c = useText(common)
  const colleagues = useColleagues(f.kind === 'person')
  const one = (v: string | null | undefined) => onChange(v ? [v] : [])
  const v = values[0] ?? ''
  const shared = { id, autoFocus, status: invalid ? 'error' as const : undefined, disabled: !f.editable, 'aria-invalid': invalid || undefined, 'aria-required': f.required || undefined }
  const options = f.options.filter(o => o.active || values.includes(o.code)).map(o => ({ value: o.code, label: (lang === 'en' && o.en) || o.zh || o.code }))
  const pick = { ...shared, allowClear: !f.required, showSearch: { filterOption: found }, popupMatchSelectWidth: false, className: 'cf-full', defaultOpen: autoFocus }
  switch (f.kind) {
    case 'long_text': return <Input.TextArea {...shared} value={v} autoSize={{ minRows: 2, maxRows: 8 }} maxLength={4000} onChange={e => one(e.target.value)} />
    case 'integer':
    case 'decimal': return <InputNumber<string> {...shared} stringMode className="cf-full" value={v || null} precision={f.kind === 'integer' ? 0 : undefined} onChange={n => one(n === null ? '' : String(n))} onPressEnter={onDone} />
    case 'date': return <Input {...shared} type="date" value={v} onChange={e => one(e.target.value)} onPressEnter={onDone} />
    case 'boolean': return <Select {...pick} value={v || undefined} onChange={one} options={[{ value: 'true', label: c.yes }, { value: 'false', label: c.no }]} />
    case 'choice': return <Select {...pick} value={v || undefined} onChange={one} options={options} />
    case 'multi_choice': return <Select {...pick} mode="multiple" value={values} onChange={onChange} options={options} />
    case 'person': return <Select {...pick} value={v || undefined} onChange={one} options={colleagues.data?.items.map(x => ({ value: x.id, label: x.name }))} />
    default: return <Input {...shared} value={v} maxLength={4000} onChange={e => one(e.target.value)} onPressEnter={onDone} />
  }
}
