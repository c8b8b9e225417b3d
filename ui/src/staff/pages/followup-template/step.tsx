import { Button, Checkbox, Input, InputNumber, Segmented, Select, type InputRef } from 'antd'
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useRef, type ReactNode } from 'react'
import type { CallOutcome, ReplyCode, Shift, StepKind, TemplateStep } from '../../../api/contract/followup'
import { useText } from '../../../lib/i18n'
import { template } from '../../../lib/text/template'
import { IconButton } from '../../../lib/ui'
import { measure } from '../part/gauge'
import { defaultShift, fill, strangers, variables, type Faults } from './model'

/** Field is a label, a control and what is wrong with it. */
export function Field({ label, fault, hint, children, wide, need }: { label: string; fault?: string; hint?: string; children: ReactNode; wide?: boolean; need?: boolean }) {
  return <label className={'fld' + (wide ? ' fld-wide' : '')}><span className="fld-label">{label}{need && <i aria-hidden="true"> *</i>}{hint && <small>{hint}</small>}</span>{children}{fault && <span className="fld-bad" role="alert">{fault}</span>}</label>
}

interface Props { step: TemplateStep; at: string; faults: Faults; locked: boolean; onChange: (patch: Partial<TemplateStep>) => void }

/** StepForm edits one step: when, how, by whom, with which words and answers. */
export function StepForm({ step: s, at, faults, locked, onChange }: Props) {
  const t = useText(template)
  return (
    <div className="step-form">
      <div className="fields">
        <Field label={t.stepTitle} need wide fault={faults[`${at}.title`]}><Input value={s.title} maxLength={60} disabled={locked} onChange={e => onChange({ title: e.target.value })} /></Field>
        <Field label={t.stepDay} need fault={faults[`${at}.day`]}><InputNumber className="full" min={0} max={3650} precision={0} value={s.day} disabled={locked} onChange={v => onChange({ day: Number(v ?? 0) })} /></Field>
        <div className="fld" role="group" aria-label={t.stepKind}><span className="fld-label">{t.stepKind}</span><Segmented<StepKind> value={s.kind} disabled={locked} onChange={kind => onChange({ kind })} options={(['message', 'call', 'review'] as const).map(k => ({ value: k, label: t.kinds[k] }))} /><small className="sub">{t.kindHint[s.kind]}</small></div>
        <Field label={t.shift}><Select<Shift | ''> value={s.shift ?? ''} disabled={locked} onChange={shift => onChange({ shift })} options={[{ value: '', label: t.shiftDefault(t.shifts[defaultShift(s.kind)]!) }, ...(['none', 'earlier', 'later'] as const).map(v => ({ value: v, label: t.shifts[v]! }))]} /></Field>
        <div className="fld" role="group" aria-label={t.window}><span className="fld-label">{t.window}</span><span className="row"><Input className="clock" maxLength={5} placeholder="09:00" aria-label={t.windowFrom} value={s.window_from} disabled={locked} onChange={e => onChange({ window_from: e.target.value })} />–<Input className="clock" maxLength={5} placeholder="18:00" aria-label={t.windowTo} value={s.window_to} disabled={locked} onChange={e => onChange({ window_to: e.target.value })} /></span>{faults[`${at}.window`] && <span className="fld-bad" role="alert">{faults[`${at}.window`]}</span>}</div>
        <Field label={t.assign}><Select value={s.assign || 'nurse'} disabled={locked} onChange={assign => onChange({ assign })} options={['nurse', 'doctor', 'agent', 'owner'].map(v => ({ value: v, label: t.assigns[v]! }))} /></Field>
      </div>
      {s.kind !== 'call' && <Words step={s} at={at} faults={faults} locked={locked} onChange={onChange} />}
      {s.kind !== 'message' && <Calling step={s} at={at} faults={faults} locked={locked} onChange={onChange} />}
    </div>
  )
}

function Words({ step: s, at, faults, locked, onChange }: Props) {
  const t = useText(template)
  const box = useRef<InputRef & { resizableTextArea?: { textArea: HTMLTextAreaElement } }>(null)
  const text = s.text ?? ''
  const insert = (name: string) => {
    const area = box.current?.resizableTextArea?.textArea
    const from = area?.selectionStart ?? text.length
    const to = area?.selectionEnd ?? from
    const put = `{{${name}}}`
    onChange({ text: text.slice(0, from) + put + text.slice(to) })
    requestAnimationFrame(() => { area?.focus(); area?.setSelectionRange(from + put.length, from + put.length) })
  }
  const sample = fill(text, t.sample)
  const size = measure(sample)
  const odd = strangers(text)
  return (
    <>
      <Field label={t.text} hint={t.textHint} need wide fault={faults[`${at}.text`] ?? (odd[0] ? t.badVariable(odd[0]) : undefined)}><Input.TextArea ref={box as never} autoSize={{ minRows: 3, maxRows: 8 }} value={text} disabled={locked} onChange={e => onChange({ text: e.target.value })} /></Field>
      {!locked && <div className="row vars" role="group" aria-label={t.insert}><span className="sub">{t.insert}</span>{variables.map(v => <Button key={v} size="small" onClick={() => insert(v)}>{t.variables[v]}</Button>)}</div>}
      {text && <blockquote className="sms"><small>{t.sampleTitle} · {t.estimate(size.units, size.parts)}</small>{sample}</blockquote>}
      <Codes codes={s.codes ?? []} at={at} faults={faults} locked={locked} onChange={codes => onChange({ codes })} />
    </>
  )
}

function Codes({ codes, at, faults, locked, onChange }: { codes: ReplyCode[]; at: string; faults: Faults; locked: boolean; onChange: (c: ReplyCode[]) => void }) {
  const t = useText(template)
  const set = (i: number, patch: Partial<ReplyCode>) => onChange(codes.map((c, k) => (k === i ? { ...c, ...patch } : c)))
  return (
    <fieldset className="codes">
      <legend>{t.codes} <small className="sub">{t.codesHint}</small></legend>
      {codes.length > 0 && <div className="code-row code-head" aria-hidden="true"><span>{t.codeOf}</span><span>{t.labelOf}</span><span>{t.severity}</span></div>}
      {codes.map((c, i) => (
        <div className={'code-row sev' + c.severity} key={i}>
          <Input aria-label={`${t.codeOf} ${i + 1}`} value={c.code} maxLength={4} disabled={locked} onChange={e => set(i, { code: e.target.value.trim() })} />
          <Input aria-label={`${t.labelOf} ${i + 1}`} value={c.label} maxLength={30} disabled={locked} onChange={e => set(i, { label: e.target.value })} />
          <SeverityPick value={c.severity} label={`${t.severity} ${i + 1}`} disabled={locked} onChange={severity => set(i, { severity })} />
          {!locked && <IconButton icon={<DeleteOutlined />} label={`${t.remove} ${c.label}`} onClick={() => onChange(codes.filter((_, k) => k !== i))} />}
          {faults[`${at}.codes.${i}`] && <span className="fld-bad" role="alert">{faults[`${at}.codes.${i}`]}</span>}
        </div>
      ))}
      {!locked && <Button size="small" icon={<PlusOutlined />} onClick={() => onChange([...codes, { code: String(codes.length + 1), label: '', severity: 0 }])}>{t.addCode}</Button>}
    </fieldset>
  )
}

function SeverityPick({ value, onChange, label, disabled }: { value: number; onChange: (n: number) => void; label: string; disabled: boolean }) {
  const t = useText(template)
  return <Select aria-label={label} value={value} disabled={disabled} onChange={onChange} options={t.severities.map((s, n) => ({ value: n, label: <span className={'sev-name s' + n}><i aria-hidden="true" />{n} {s}</span> }))} />
}

function Calling({ step: s, at, faults, locked, onChange }: Props) {
  const t = useText(template)
  const own = s.outcomes ?? []
  const set = (i: number, patch: Partial<CallOutcome>) => onChange({ outcomes: own.map((o, k) => (k === i ? { ...o, ...patch } : o)) })
  const add = () => onChange({ outcomes: [...own, { code: `own-${own.length + 1}`, key: String(own.length + 1), label: '', severity: 0, ends: false, reached: true }] })
  return (
    <>
      <Field label={t.script} hint={t.scriptHint} wide><Input.TextArea autoSize={{ minRows: 3, maxRows: 12 }} value={s.script} disabled={locked} onChange={e => onChange({ script: e.target.value })} /></Field>
      <fieldset className="codes">
        <legend>{t.outcomes} <small className="sub">{t.outcomesHint}</small></legend>
        {own.length === 0 && <p className="sub">{t.standard}</p>}
        {own.length > 0 && <div className="code-row four code-head" aria-hidden="true"><span>{t.key}</span><span>{t.labelOf}</span><span>{t.severity}</span><span>{t.ends}</span></div>}
        {own.map((o, i) => (
          <div className={'code-row four sev' + o.severity} key={i}>
            <Input aria-label={`${t.key} ${i + 1}`} value={o.key} maxLength={1} disabled={locked} onChange={e => set(i, { key: e.target.value.trim() })} />
            <Input aria-label={`${t.labelOf} ${i + 1}`} value={o.label} maxLength={30} disabled={locked} onChange={e => set(i, { label: e.target.value })} />
            <SeverityPick value={o.severity} label={`${t.severity} ${i + 1}`} disabled={locked} onChange={severity => set(i, { severity })} />
            <Checkbox aria-label={`${t.ends} ${i + 1}`} checked={o.ends} disabled={locked} onChange={e => set(i, { ends: e.target.checked })} />
            {!locked && <IconButton icon={<DeleteOutlined />} label={`${t.remove} ${o.label}`} onClick={() => onChange({ outcomes: own.filter((_, k) => k !== i) })} />}
            {faults[`${at}.outcomes.${i}`] && <span className="fld-bad" role="alert">{faults[`${at}.outcomes.${i}`]}</span>}
          </div>
        ))}
        {!locked && <span className="row"><Button size="small" icon={<PlusOutlined />} onClick={add}>{t.addOutcome}</Button>{own.length > 0 && <Button size="small" type="link" onClick={() => onChange({ outcomes: [] })}>{t.useStandard}</Button>}</span>}
      </fieldset>
    </>
  )
}
