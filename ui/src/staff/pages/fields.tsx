import { Button, Checkbox, Drawer, Input, Select, Switch } from 'antd'
import { DeleteOutlined, DownOutlined, FormOutlined, PlusOutlined, UpOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../api/call'
import '../../api/contract/admin'
import '../../api/contract/custom'
import type { Field, FieldInput, FieldKind } from '../../api/contract/custom'
import { useLanguage, useText } from '../../lib/i18n'
import { common } from '../../lib/text/common'
import { fields as words } from '../../lib/text/fields'
import { Failure, IconButton, PageHeader, PageSkeleton, Panel, State, StatusTag, useFail, useUndo } from '../../lib/ui'
import { fieldLabel } from '../custom'
import { useSession } from '../session'
import './fields.css'
import './part/form.css'

const blank: FieldInput = { entity: 'patient', key: '', label_zh: '', label_en: '', kind: 'text', help_zh: '', help_en: '', section: '', required: false, minimum: '', maximum: '', pattern: '', dictionary: '', options: [], sees: [], edits: [], active: true, version: 0 }

/** Fields is where a hospital adds to the patient record what it needs (SY-10). */
export default function Fields() {
  const t = useText(words)
  const lang = useLanguage()
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const { may } = useSession()
  const [edited, setEdited] = useState<Field | 'new'>()
  const [retired, setRetired] = useState(false)
  const roles = useRoles()
  const q = useQuery({ queryKey: ['field', 'all'], queryFn: ({ signal }) => call('GET /api/v1/fields/all', { query: { entity: 'patient' }, signal }) })
  if (q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!q.data) return <PageSkeleton />
  const all = q.data.items
  const shown = all.filter(f => retired || f.active)
  const sections = [...new Set(shown.map(f => f.section))]
  const fresh = () => client.invalidateQueries({ queryKey: ['field'] })
  const arrange = async (list: Field[]) => {
    try { await call('POST /api/v1/fields/arrange', { body: { entity: 'patient', places: list.map(f => ({ id: f.id, section: f.section })) } }); await fresh() } catch (e) { fail(e) }
  }
  const move = (f: Field, by: number) => {
    const peers = shown.filter(x => x.section === f.section)
    const other = peers[peers.indexOf(f) + by]
    if (!other) return
    const list = [...all]
    const [a, b] = [list.indexOf(f), list.indexOf(other)]
    ;[list[a], list[b]] = [other, f]
    void arrange(list)
  }
  const turn = async (f: Field, active: boolean, back = false) => {
    try {
      const now = await call('PUT /api/v1/fields/{id}', { path: { id: f.id }, body: { ...f, active } })
      await fresh()
      const name = fieldLabel(f, lang)
      if (!back) undo(active ? t.restored(name) : t.retired(name), () => void turn(now, !active, true))
    } catch (e) { fail(e); void fresh() }
  }
  const rules = (f: Field) => [f.required && t.required, t.range(f.minimum, f.maximum), f.options.length > 0 && t.options(f.options.length), f.dictionary && t.f.dictionary].filter(Boolean).join(' · ')
  return (
    <div className="page">
      <PageHeader title={t.title} count={t.count(all.filter(f => f.active).length)}>
        <label className="row"><Switch size="small" checked={retired} onChange={setRetired} aria-label={t.hidden} />{t.hidden}</label>
        {may('field.definition.update') && <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>{t.add}</Button>}
      </PageHeader>
      <p className="sub">{t.intro}</p>
      {shown.length === 0 && <Panel><State icon={<FormOutlined />} title={t.empty} hint={t.emptyHint} action={<Button type="primary" onClick={() => setEdited('new')}>{t.add}</Button>} /></Panel>}
      {sections.map(s => (
        <Panel key={s} title={s || t.own}>
          <ul className="fd-list">{shown.filter(f => f.section === s).map((f, i, peers) => {
            const name = fieldLabel(f, lang)
            return (
              <li key={f.id} className={f.active ? '' : 'off'}>
                <span className="fd-move"><IconButton icon={<UpOutlined />} label={t.up(name)} disabled={i === 0} onClick={() => move(f, -1)} /><IconButton icon={<DownOutlined />} label={t.down(name)} disabled={i === peers.length - 1} onClick={() => move(f, 1)} /></span>
                <button className="fd-name" onClick={() => setEdited(f)}><b>{name}</b><small>{f.key}</small></button>
                <StatusTag tone="idle">{t.kinds[f.kind]}</StatusTag>
                <span className="sub fd-rules">{rules(f)}</span>
                <span className="sub">{f.sees.length ? f.sees.map(r => roles.get(r) ?? r).join('、') : t.everyone}</span>
                <span className="grow" />
                {!f.active && <StatusTag tone="idle">{t.state.off}</StatusTag>}
                <Button size="small" type="text" onClick={() => void turn(f, !f.active)}>{f.active ? t.retire : t.restore}</Button>
              </li>
            )
          })}</ul>
        </Panel>
      ))}
      {edited && <Editor field={edited === 'new' ? undefined : edited} sections={sections.filter(Boolean)} onClose={() => setEdited(undefined)} />}
    </div>
  )
}

function useRoles() {
  const { may } = useSession()
  const q = useQuery({ queryKey: ['staff', 'roles'], enabled: may('staff.role.list'), staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/roles', { signal }) })
  return new Map((q.data?.items ?? []).map(r => [r.id, r.name]))
}

function Editor({ field, sections, onClose }: { field?: Field; sections: string[]; onClose: () => void }) {
  const t = useText(words)
  const c = useText(common)
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const roles = useRoles()
  const [f, setF] = useState<FieldInput>(field ?? blank)
  const [bad, setBad] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const dictionaries = useQuery({ queryKey: ['setting', 'dictionaries'], staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/dictionaries', { signal }) })
  const set = (patch: Partial<FieldInput>) => { setF({ ...f, ...patch }); setBad({}) }
  const choice = f.kind === 'choice' || f.kind === 'multi_choice'
  const words2 = f.kind === 'text' || f.kind === 'long_text'
  const bounded = words2 || f.kind === 'integer' || f.kind === 'decimal' || f.kind === 'date' || f.kind === 'multi_choice'
  const unit = words2 ? t.hints.length : f.kind === 'multi_choice' ? t.hints.choices : ''
  const save = async () => {
    setBusy(true)
    try {
      const body: FieldInput = { entity: f.entity, key: f.key, label_zh: f.label_zh, label_en: f.label_en, kind: f.kind, help_zh: f.help_zh, help_en: f.help_en, section: f.section, required: f.required, minimum: bounded ? f.minimum : '', maximum: bounded ? f.maximum : '', pattern: words2 ? f.pattern : '', dictionary: f.dictionary, options: f.options, sees: f.sees, edits: f.edits, active: f.active, version: f.version }
      if (field) await call('PUT /api/v1/fields/{id}', { path: { id: field.id }, body })
      else await call('POST /api/v1/fields', { body })
      await client.invalidateQueries({ queryKey: ['field'] })
      undo(t.saved(f.label_zh))
      onClose()
    } catch (e) {
      if (e instanceof ApiError && e.fields.length) setBad(Object.fromEntries(e.fields.map(x => [x.field.split('.')[0] ?? '', x.message])))
      else fail(e)
    } finally { setBusy(false) }
  }
  const line = (key: string, control: React.ReactNode, hint?: string) => <div className="fld"><label htmlFor={'fd-' + key}>{t.f[key]}{hint && <small> {hint}</small>}</label>{control}{bad[key] && <span className="fld-bad" role="alert">{bad[key]}</span>}</div>
  const input = (key: 'label_zh' | 'label_en' | 'key' | 'help_zh' | 'help_en' | 'minimum' | 'maximum' | 'pattern', hint?: string, off?: boolean) => line(key, <Input id={'fd-' + key} value={f[key]} disabled={off} maxLength={300} status={bad[key] ? 'error' : undefined} type={(key === 'minimum' || key === 'maximum') && f.kind === 'date' ? 'date' : undefined} onChange={e => set({ [key]: e.target.value })} />, hint)
  const option = (i: number, patch: Partial<Field['options'][number]>) => set({ options: f.options.map((o, n) => (n === i ? { ...o, ...patch } : o)) })
  const role = (key: 'sees' | 'edits') => line(key, <Select id={'fd-' + key} mode="multiple" value={f[key]} onChange={v => set({ [key]: v })} options={[...roles].map(([value, label]) => ({ value, label }))} optionFilterProp="label" />, t.hints.everyone)
  return (
    <Drawer open size={520} title={field ? t.editTitle : t.addTitle} onClose={onClose} footer={<div className="row"><span className="grow" /><Button onClick={onClose}>{c.cancel}</Button><Button type="primary" loading={busy} onClick={() => void save()}>{c.save}</Button></div>}>
      <div className="stack">
        {input('label_zh')}{input('label_en')}
        {input('key', t.hints.key, !!field)}
        {line('kind', <Select<FieldKind> id="fd-kind" disabled={!!field} value={f.kind} onChange={v => set({ kind: v })} options={Object.entries(t.kinds).map(([value, label]) => ({ value: value as FieldKind, label }))} />, t.hints.kind)}
        {choice && line('dictionary', <Select id="fd-dictionary" allowClear value={f.dictionary || undefined} placeholder={t.hints.ownOptions} onChange={v => set({ dictionary: v ?? '' })} options={dictionaries.data?.items.map(d => ({ value: d.name, label: d.title }))} />)}
        {choice && !f.dictionary && <div className="fld"><span>{t.f.options}</span>
          {f.options.map((o, i) => (
            <div className="row nowrap-row" key={i}>
              <Input aria-label={`${t.hints.option} ${i + 1}`} placeholder={t.hints.option} value={o.zh} maxLength={60} onChange={e => option(i, { zh: e.target.value })} />
              <Input aria-label={`${t.hints.optionEN} ${i + 1}`} placeholder={t.hints.optionEN} value={o.en} maxLength={60} onChange={e => option(i, { en: e.target.value })} />
              {field && o.code ? <Checkbox checked={!o.active} onChange={e => option(i, { active: !e.target.checked })}>{t.hints.unused}</Checkbox> : <IconButton icon={<DeleteOutlined />} label={`${c.remove} ${i + 1}`} onClick={() => set({ options: f.options.filter((_, n) => n !== i) })} />}
            </div>
          ))}
          {bad.options && <span className="fld-bad" role="alert">{bad.options}</span>}
          <div><Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => set({ options: [...f.options, { code: '', zh: '', en: '', active: true }] })}>{t.hints.addOption}</Button></div>
        </div>}
        <label className="row"><Switch size="small" checked={f.required} onChange={v => set({ required: v })} aria-label={t.f.required} />{t.f.required}</label>
        {bounded && <div className="pf-two">{input('minimum', unit)}{input('maximum', unit)}</div>}
        {words2 && input('pattern')}
        {line('section', <Select id="fd-section" mode="tags" maxCount={1} value={f.section ? [f.section] : []} onChange={v => set({ section: v[v.length - 1] ?? '' })} options={sections.map(s => ({ value: s, label: s }))} />, t.hints.section)}
        {input('help_zh')}{input('help_en')}
        {roles.size > 0 && role('sees')}{roles.size > 0 && role('edits')}
      </div>
    </Drawer>
  )
}
