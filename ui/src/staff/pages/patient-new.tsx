import { Button } from 'antd'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError, call, newKey } from '../../api/call'
import { useDraft } from '../../lib/draft'
import { relTime } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { form } from '../../lib/text/patient-form'
import { Kbd, PageHeader, useFail, useUndo } from '../../lib/ui'
import { Duplicates, contactsOf, identifiersOf, useDuplicates } from './patient-form/duplicates'
import { Form } from './patient-form/form'
import { blank, check, readDate, type Fields } from './patient-form/rules'
import './patient-form.css'

/** errorsOf puts the server's words beside the fields; "contacts.0.value" belongs to contacts. */
export function errorsOf(e: unknown): Record<string, string> {
  if (!(e instanceof ApiError)) return {}
  const out: Record<string, string> = {}
  for (const f of e.fields) {
    if (f.field.startsWith('fields.')) { out[f.field] ??= f.message; continue }
    const root = f.field.split(/[.[]/)[0] ?? ''
    out[root] ??= f.message
    if (root === 'identifiers' && /id_card|identifiers.0/.test(f.field)) out.id_card ??= f.message
  }
  return out
}

/** NewPatient records a person by keyboard alone; who they may already be stands beside the form. */
export default function NewPatient() {
  const t = useText(form)
  const navigate = useNavigate()
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const draft = useDraft<Fields>('patient.new')
  const [f, setF] = useState<Fields>(() => ({ ...blank(), ...draft.restored?.value }))
  const [restored, setRestored] = useState(!!draft.restored)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [round, setRound] = useState(0)
  const key = useRef(newKey())
  const found = useDuplicates(f)
  const likely = found.outside > 0 || found.items.some(x => x.zone !== 'near')
  const change = useCallback((patch: Partial<Fields>) => {
    setF(old => { const next = { ...old, ...patch }; draft.keep(next); return next })
    setErrors(old => { const next = { ...old }; for (const k of Object.keys(patch)) delete next[k]; return next })
    key.current = newKey()
  }, [draft])
  const create = useMutation({
    mutationFn: () => call('POST /api/v1/patients', { idempotencyKey: key.current, body: { name: f.name.trim(), sex: f.sex, birth_date: readDate(f.birth_date) ?? '', occupation: f.occupation, ethnicity: f.ethnicity, marital: f.marital, address: f.address.trim(), region_code: f.region_code, source: f.source, owner_id: f.owner_id || undefined, department_id: f.department_id || undefined, note: f.note.trim(), alert: f.alert.trim(), contacts: contactsOf(f), identifiers: identifiersOf(f), fields: f.fields, tags: f.tags } }),
    onSuccess: p => {
      draft.drop()
      undo(t.saved(p.name))
      void client.invalidateQueries({ queryKey: ['patient'] })
      void navigate({ to: '/patients/$id', params: { id: p.id }, replace: true })
    },
    onError: e => { const byField = errorsOf(e); setErrors(byField); if (Object.keys(byField).length === 0) fail(e) },
  })
  const save = () => {
    if (create.isPending) return
    const wrong = Object.fromEntries(Object.entries(check(f, true)).map(([k, v]) => [k, t.bad[v]]))
    setErrors(wrong)
    if (Object.keys(wrong).length === 0) create.mutate()
  }
  useEffect(() => { if (Object.keys(errors).length) document.querySelector<HTMLElement>('[aria-invalid=true], .pf-error')?.focus?.() }, [errors])
  useKeys(t.group, [{ key: 'ctrl+Enter', label: t.save, anywhere: true, run: save }, { key: 'ctrl+s', anywhere: true, run: save }])
  const n = Object.keys(errors).length
  return (
    <div className="page">
      <PageHeader title={t.newTitle} back={{ to: '/patients', label: t.back }} count={<span className="sub wide">{t.hint}</span>}>
        {n > 0 && <span className="pf-error" role="alert">{t.fix(n)}</span>}
        <Button type="primary" danger={likely} loading={create.isPending} onClick={save}>{likely ? t.saveAnyway : t.save}<Kbd k="ctrl+Enter" /></Button>
      </PageHeader>
      {restored && draft.restored && <div className="notice">{t.restored(relTime(draft.restored.at))} <button className="link" onClick={() => { draft.drop(); setF(blank()); setRestored(false); setRound(round + 1) }}>{t.discard}</button></div>}
      <div className="pf-split">
        <Form key={round} value={f} onChange={change} errors={errors} />
        <aside className="pf-side"><Duplicates found={found} /><p className="sub">{t.kept}</p></aside>
      </div>
    </div>
  )
}
