import { AutoComplete, Button, Cascader, Input, Radio, Select, type InputRef } from 'antd'
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { call } from '../../../api/call'
import '../../../api/contract/lookup'
import '../../../api/contract/patient'
import { ageOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { form } from '../../../lib/text/patient-form'
import { patient as people } from '../../../lib/text/patient'
import { Panel } from '../../../lib/ui'
import { found, useDictionary } from '../../custom'
import { useColleagues } from '../../lookup'
import { CustomFields } from '../custom/section'
import { readDate, readID, type Fields } from './rules'

interface Props {
  value: Fields
  onChange: (patch: Partial<Fields>) => void
  /** Messages by field; dotted paths of the server count for their first part. */
  errors: Record<string, string>
  /** Present on an existing record: its masked address, its region, its contacts and numbers as they stand. */
  existing?: { address: string; region: string; /** Set once: later sources are added on the patient's page. */ source: string; contacts: ReactNode; numbers: ReactNode }
}

/** Form is the record of one patient, top to bottom in the order of a conversation; every step is a Tab away. */
export function Form({ value: f, onChange, errors, existing }: Props) {
  const t = useText(form)
  const c = useText(common)
  const w = useText(people)
  const sources = useDictionary('source')
  const words = { occupation: useDictionary('occupation'), ethnicity: useDictionary('ethnicity'), marital: useDictionary('marital') }
  const first = useRef<InputRef>(null)
  useEffect(() => first.current?.focus({ cursor: 'end' }), [])
  const departments = useQuery({ queryKey: ['staff', 'departments'], staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/departments', { signal }) })
  const colleagues = useColleagues()
  const tags = useQuery({ queryKey: ['patient', 'tags'], staleTime: 60_000, queryFn: ({ signal }) => call('GET /api/v1/tags', { signal }) })
  const birth = readDate(f.birth_date)
  const setID = (v: string) => {
    const read = readID(v)
    onChange({ id_card: v, ...(read && !f.birth_date && { birth_date: read.birth }), ...(read && !f.sex && { sex: read.sex }) })
  }
  const suggest = (key: 'marital' | 'ethnicity' | 'occupation') => (
    <Line name={key} errors={errors}><AutoComplete id={'pf-' + key} value={f[key]} onChange={v => onChange({ [key]: v ?? '' })} options={words[key].options.map(x => ({ value: x.value, pinyin: x.pinyin, label: x.label }))} showSearch={{ filterOption: found }} /></Line>
  )
  const text = (key: 'alert' | 'note') => <Line name={key} errors={errors} wide><Input.TextArea id={'pf-' + key} value={f[key]} maxLength={1000} autoSize={{ minRows: key === 'alert' ? 1 : 2, maxRows: 8 }} placeholder={key === 'alert' ? t.hints.alert : undefined} onChange={e => onChange({ [key]: e.target.value })} /></Line>
  return (
    <div className="stack">
      <Panel title={t.sections.identity}>
        <div className="pf-grid">
          <Line name="name" errors={errors} required><Input id="pf-name" ref={first} value={f.name} maxLength={60} status={errors.name ? 'error' : undefined} aria-required aria-invalid={!!errors.name} onChange={e => onChange({ name: e.target.value })} /></Line>
          {!existing && <Line name="id_card" errors={errors} hint={t.hints.id}><Input id="pf-id_card" value={f.id_card} maxLength={18} status={errors.id_card ? 'error' : undefined} aria-invalid={!!errors.id_card} onChange={e => setID(e.target.value)} /></Line>}
          <Line name="sex" errors={errors} required group><Radio.Group id="pf-sex" aria-label={t.f.sex} optionType="button" value={f.sex || undefined} onChange={e => onChange({ sex: e.target.value as string })} options={['female', 'male', 'unknown'].map(x => ({ value: x, label: x === 'unknown' ? c.unknown : x === 'female' ? c.female : c.male }))} /></Line>
          <Line name="birth_date" errors={errors} hint={birth ? ageOf(birth) : t.hints.birth}><Input id="pf-birth_date" value={f.birth_date} inputMode="numeric" status={errors.birth_date ? 'error' : undefined} aria-invalid={!!errors.birth_date} onChange={e => onChange({ birth_date: e.target.value })} onBlur={() => { if (birth && birth !== f.birth_date) onChange({ birth_date: birth }) }} /></Line>
          {suggest('occupation')}{suggest('marital')}{suggest('ethnicity')}
        </div>
      </Panel>
      <Panel title={t.sections.contact}>
        {existing?.contacts ?? <Contacts f={f} onChange={onChange} error={errors.contacts} />}
        <div className="pf-grid gap-top">
          <Line name="region_code" errors={errors}><Region value={f.region_code} label={existing?.region} onChange={v => onChange({ region_code: v })} /></Line>
          <Line name="address" errors={errors} wide><Input id="pf-address" value={f.address} maxLength={200} placeholder={existing?.address ? t.hints.addressMasked(existing.address) : t.hints.address} onChange={e => onChange({ address: e.target.value })} /></Line>
        </div>
      </Panel>
      <Panel title={t.sections.care}>
        <div className="pf-grid">
          {!existing && <Line name="department_id" errors={errors}><Select id="pf-department_id" allowClear showSearch={{ optionFilterProp: 'label' }} value={f.department_id || undefined} onChange={v => onChange({ department_id: v ?? '' })} options={departments.data?.items.filter(x => x.active).map(x => ({ value: x.id, label: x.name }))} /></Line>}
          <Line name="owner_id" errors={errors}><Select id="pf-owner_id" allowClear showSearch={{ optionFilterProp: 'label' }} value={f.owner_id || undefined} onChange={v => onChange({ owner_id: v ?? '' })} options={colleagues.data?.items.map(x => ({ value: x.id, label: x.name }))} /></Line>
          <Line name="source" errors={errors}><Select id="pf-source" allowClear disabled={!!existing?.source} showSearch={{ filterOption: found }} value={f.source || undefined} onChange={v => onChange({ source: v ?? '' })} options={[...sources.options, ...(f.source && !sources.options.some(o => o.value === f.source) ? [{ value: f.source, label: sources.label(f.source), pinyin: '' }] : [])]} /></Line>
          <Line name="tags" errors={errors}><Select id="pf-tags" mode="tags" value={f.tags} onChange={v => onChange({ tags: v })} options={tags.data?.items.map(x => ({ value: x, label: x }))} /></Line>
        </div>
        {existing?.numbers ?? <Numbers f={f} onChange={onChange} kinds={w.idKinds} error={errors.identifiers} />}
      </Panel>
      <CustomFields value={f.fields} onChange={v => onChange({ fields: v })} errors={errors} />
      <Panel title={t.sections.notes}><div className="pf-grid">{text('alert')}{text('note')}</div></Panel>
    </div>
  )
}

function Line({ name, errors, required, hint, wide, group, children }: { name: string; errors: Record<string, string>; required?: boolean; hint?: string; wide?: boolean; group?: boolean; children: ReactNode }) {
  const t = useText(form)
  const head = <>{t.f[name]}{required && <i title={t.required} aria-hidden="true">*</i>}{hint && <small>{hint}</small>}</>
  return (
    <div className={'pf-line' + (wide ? ' wide' : '')}>
      {group ? <span className="pf-label">{head}</span> : <label className="pf-label" htmlFor={'pf-' + name}>{head}</label>}
      {children}
      {errors[name] && <p className="pf-error" role="alert">{errors[name]}</p>}
    </div>
  )
}

const systems = ['mobile', 'phone', 'email', 'wechat', 'qq']

function Contacts({ f, onChange, error }: { f: Fields; onChange: Props['onChange']; error?: string }) {
  const t = useText(form)
  const w = useText(people)
  const set = (i: number, patch: Partial<Fields['contacts'][number]>) => onChange({ contacts: f.contacts.map((x, n) => (n === i ? { ...x, ...patch } : x)) })
  return (
    <div className="stack pf-rows">
      {f.contacts.map((x, i) => (
        <div className="row nowrap-row" key={i}>
          <Select aria-label={t.hints.system} className="pf-kind" value={x.system} onChange={v => set(i, { system: v })} options={systems.map(s => ({ value: s, label: w.systems[s] }))} />
          <Input className="pf-value" aria-label={i === 0 ? t.hints.mobile : t.f.contacts} aria-invalid={!!error} status={error ? 'error' : undefined} placeholder={x.system === 'mobile' ? t.hints.mobile : undefined} value={x.value} maxLength={80} onChange={e => set(i, { value: e.target.value })} />
          <Select aria-label={t.hints.owner} className="pf-kind" value={x.owner} onChange={v => set(i, { owner: v })} options={Object.entries(w.owners).map(([k, label]) => ({ value: k, label }))} />
          {f.contacts.length > 1 && <Button type="text" aria-label={t.hints.removeLine} icon={<DeleteOutlined />} onClick={() => onChange({ contacts: f.contacts.filter((_, n) => n !== i) })} />}
        </div>
      ))}
      {error && <p className="pf-error" role="alert">{error}</p>}
      <div><Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => onChange({ contacts: [...f.contacts, { system: 'mobile', value: '', owner: 'self' }] })}>{t.hints.add}</Button></div>
    </div>
  )
}

function Numbers({ f, onChange, kinds, error }: { f: Fields; onChange: Props['onChange']; kinds: Record<string, string>; error?: string }) {
  const t = useText(form)
  const set = (i: number, patch: Partial<Fields['numbers'][number]>) => onChange({ numbers: f.numbers.map((x, n) => (n === i ? { ...x, ...patch } : x)) })
  return (
    <div className="stack pf-rows gap-top">
      {f.numbers.map((x, i) => (
        <div className="row nowrap-row" key={i}>
          <Select aria-label={t.hints.kind} className="pf-kind" value={x.kind} onChange={v => set(i, { kind: v })} options={Object.entries(kinds).filter(([k]) => k !== 'id_card').map(([k, label]) => ({ value: k, label }))} />
          <Input className="pf-value" aria-label={t.hints.number} value={x.value} maxLength={60} onChange={e => set(i, { value: e.target.value })} />
          <Button type="text" aria-label={t.hints.removeLine} icon={<DeleteOutlined />} onClick={() => onChange({ numbers: f.numbers.filter((_, n) => n !== i) })} />
        </div>
      ))}
      {error && <p className="pf-error" role="alert">{error}</p>}
      <div><Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => onChange({ numbers: [...f.numbers, { kind: 'card', value: '' }] })}>{t.hints.addNumber}</Button></div>
    </div>
  )
}

interface Node { value: string; label: string; isLeaf: boolean; children?: Node[] }

/** Region is chosen province by province; what lies below is asked for when opened. */
function Region({ value, label, onChange }: { value: string; label?: string; onChange: (code: string) => void }) {
  const [tree, setTree] = useState<Node[]>([])
  const [path, setPath] = useState<string[]>()
  const ask = async (parent?: string) => (await call('GET /api/v1/regions', { query: { parent } })).items
  useEffect(() => { void ask().then(list => setTree(list.map(x => ({ value: x.code, label: x.name, isLeaf: false })))).catch(() => undefined) }, [])
  const load = async (chosen: Node[]) => {
    const last = chosen[chosen.length - 1]
    if (!last || last.children) return
    const list = await ask(last.value).catch(() => [])
    last.children = list.map(x => ({ value: x.code, label: x.name, isLeaf: chosen.length >= 2 }))
    if (list.length === 0) last.isLeaf = true
    setTree(old => [...old])
  }
  return <Cascader id="pf-region_code" options={tree} changeOnSelect allowClear value={value ? path : undefined} placeholder={value ? label : undefined} loadData={n => void load(n as Node[])} onChange={v => { const list = (v ?? []).map(String); setPath(list); onChange(list[list.length - 1] ?? '') }} />
}
