import { Button, Input, InputNumber, Select } from 'antd'
import { CloseOutlined } from '@ant-design/icons'
import type { Field, FieldCondition } from '../../../api/contract/custom'
import { useLanguage, useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { patients } from '../../../lib/text/patients'
import { fieldLabel } from '../../custom'
import { useColleagues } from '../../lookup'
import { packCondition, readConditions } from './state'

/** FieldFilters narrow the list by custom fields; every line is one condition. */
export function FieldFilters({ all, value, onChange }: { all: Field[]; value: string[]; onChange: (v: string[] | undefined) => void }) {
  const t = useText(patients)
  const c = useText(common)
  const lang = useLanguage()
  const colleagues = useColleagues(all.some(f => f.kind === 'person'))
  if (all.length === 0) return null
  const conditions = readConditions(value)
  const put = (list: FieldCondition[]) => onChange(list.length ? list.map(packCondition) : undefined)
  const set = (i: number, x: FieldCondition) => put(conditions.map((y, n) => (n === i ? x : y)))
  const control = (f: Field, x: FieldCondition, i: number) => {
    const label = fieldLabel(f, lang)
    const options = f.kind === 'boolean' ? [{ value: 'true', label: c.yes }, { value: 'false', label: c.no }]
      : f.kind === 'person' ? colleagues.data?.items.map(p => ({ value: p.id, label: p.name }))
        : f.options.map(o => ({ value: o.code, label: (lang === 'en' && o.en) || o.zh }))
    switch (f.kind) {
      case 'integer':
      case 'decimal': return [0, 1].map(n => <InputNumber<string> key={n} stringMode aria-label={`${label} ${n ? t.filter.to : t.filter.from}`} placeholder={n ? t.filter.to : t.filter.from} value={x.values[n] || null} onChange={v => set(i, { ...x, op: 'between', values: n ? [x.values[0] ?? '', String(v ?? '')] : [String(v ?? ''), x.values[1] ?? ''] })} />)
      case 'date': return [0, 1].map(n => <Input key={n} type="date" aria-label={`${label} ${n ? t.filter.to : t.filter.from}`} value={x.values[n] ?? ''} onChange={e => set(i, { ...x, op: 'between', values: n ? [x.values[0] ?? '', e.target.value] : [e.target.value, x.values[1] ?? ''] })} />)
      case 'text':
      case 'long_text': return <Input aria-label={label} placeholder={t.filter.begins} defaultValue={x.values[0] ?? ''} onPressEnter={e => set(i, { ...x, op: 'starts_with', values: [e.currentTarget.value] })} onBlur={e => set(i, { ...x, op: 'starts_with', values: [e.currentTarget.value] })} />
      default: return <Select mode="multiple" aria-label={label} placeholder={t.filter.oneOf} value={x.values} options={options} onChange={(v: string[]) => set(i, { ...x, op: 'is', values: v })} popupMatchSelectWidth={false} />
    }
  }
  const free = all.filter(f => !conditions.some(x => x.field_id === f.id))
  return (
    <div className="f-custom">
      <span>{t.filter.fields}</span>
      {conditions.map((x, i) => {
        const f = all.find(y => y.id === x.field_id)
        return f && <div key={x.field_id}><small>{fieldLabel(f, lang)}</small><div className="row nowrap-row">{control(f, x, i)}<Button type="text" size="small" aria-label={`${c.remove} ${fieldLabel(f, lang)}`} icon={<CloseOutlined />} onClick={() => put(conditions.filter((_, n) => n !== i))} /></div></div>
      })}
      {free.length > 0 && <Select aria-label={t.filter.addField} placeholder={t.filter.addField} showSearch={{ optionFilterProp: 'label' }} value={undefined as string | undefined} onSelect={id => put([...conditions, { field_id: id, op: 'filled', values: [] }])} options={free.map(f => ({ value: f.id, label: fieldLabel(f, lang) }))} />}
    </div>
  )
}
