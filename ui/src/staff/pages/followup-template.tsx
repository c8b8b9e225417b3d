import { Alert, Button, Dropdown, Input, Modal, Select } from 'antd'
import { CopyOutlined, DeleteOutlined, MoreOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { ApiError, call } from '../../api/call'
import type { Template, TemplateInput, TemplateStep } from '../../api/contract/followup'
import '../../api/contract/lookup'
import { useDraft } from '../../lib/draft'
import { today } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { part } from '../../lib/text/part'
import { template } from '../../lib/text/template'
import { Failure, Kbd, PageHeader, PageSkeleton, Panel, State, StatusTag, useFail, useUndo, When } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { Activate } from './followup-template/activate'
import { blank, check, freeKey, inputOf, newStep, type Faults } from './followup-template/model'
import { Schedule } from './followup-template/schedule'
import { Field, StepForm } from './followup-template/step'
import { Triggers } from './followup-template/triggers'
import { Valid } from './followup-templates'
import { Guard, Restored } from './part/guard'
import './part/form.css'
import './followup-template.css'

/** The template editor (FU-02, FU-03). "new" is a template that is not stored yet; ?from= copies one. */
export default function TemplatePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const url = useUrl()
  const from = id === 'new' ? url.one('from') : id
  const q = useQuery({ queryKey: ['followup', 'template', from ?? 'new'], enabled: !!from, staleTime: Infinity, queryFn: ({ signal }) => call('GET /api/v1/followup/templates/{id}', { path: { id: from! }, signal }) })
  if (from && q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (from && !q.data) return <PageSkeleton />
  return <Editor key={id} id={id} row={q.data} />
}

function Editor({ id, row }: { id: string; row?: Template }) {
  const t = useText(template)
  const c = useText(common)
  const p = useText(part)
  const navigate = useNavigate()
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const { may } = useSession()
  const locked = !may('followup.template.update')
  const fresh = id === 'new'
  const draft = useDraft<TemplateInput>('followup.template.' + id)
  const stored = useMemo<TemplateInput>(() => {
    if (!row) return { ...blank(), steps: [newStep([], t.newStep)] }
    return fresh ? { ...inputOf(row), code: '', name: t.copyOf(row.name) } : inputOf(row)
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [row, fresh])
  const [value, setValue] = useState<TemplateInput>(draft.restored?.value ?? stored)
  const [restored, setRestored] = useState(!!draft.restored && !locked)
  const [dirty, setDirty] = useState(!!draft.restored && !locked)
  const [at, setAt] = useState(value.steps[0]?.key ?? '')
  const [server, setServer] = useState<Faults>({})
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const [activating, setActivating] = useState(false)
  const [retiring, setRetiring] = useState(false)
  const [stale, setStale] = useState(false)
  const departments = useQuery({ queryKey: ['staff', 'department'], queryFn: ({ signal }) => call('GET /api/v1/departments', { signal }), staleTime: 300_000 })
  const groups = useQuery({ queryKey: ['visit', 'group'], queryFn: ({ signal }) => call('GET /api/v1/condition-groups', { signal }), staleTime: 300_000 })

  const change = (patch: Partial<TemplateInput>) => {
    const next = { ...value, ...patch }
    setValue(next); setDirty(true); setServer({}); draft.keep(next)
  }
  const steps = useMemo(() => value.steps.map((s, i) => ({ s, i })).sort((a, b) => a.s.day - b.s.day), [value.steps])
  const index = value.steps.findIndex(s => s.key === at)
  const step = value.steps[index]
  const local = useMemo(() => check(value, t.bad), [value, t])
  const faults: Faults = { ...(shown || !fresh ? local : {}), ...server }
  const n = Object.keys(local).length

  const editStep = (patch: Partial<TemplateStep>) => change({ steps: value.steps.map((s, i) => (i === index ? { ...s, ...patch } : s)) })
  const addStep = () => { const s = newStep(value.steps, t.newStep); change({ steps: [...value.steps, s] }); setAt(s.key) }
  const copyStep = () => { if (!step) return; const s = { ...step, day: step.day + 7, key: freeKey(value.steps, step.kind, step.day + 7) }; change({ steps: [...value.steps, s] }); setAt(s.key) }
  const removeStep = () => {
    if (!step) return
    const before = value
    const order = steps.findIndex(x => x.s.key === at)
    change({ steps: value.steps.filter(s => s.key !== at) })
    setAt(steps[order + 1]?.s.key ?? steps[order - 1]?.s.key ?? '')
    undo(t.removed(step.title), () => { setValue(before); draft.keep(before); setAt(step.key) })
  }
  const walk = (by: number) => { const k = steps.findIndex(x => x.s.key === at); const next = steps[Math.max(0, Math.min(steps.length - 1, k + by))]; if (next) setAt(next.s.key) }

  const save = async (): Promise<boolean> => {
    setShown(true)
    if (busy) return false
    if (n > 0) { const bad = Object.keys(local).find(k => k.startsWith('steps.')); const i = bad && Number(bad.split('.')[1]); if (typeof i === 'number' && value.steps[i]) setAt(value.steps[i].key); return false }
    setBusy(true)
    try {
      const { code, ...content } = { ...value, steps: steps.map(x => x.s) }
      const saved = fresh ? await call('POST /api/v1/followup/templates', { body: { ...content, code } }) : await call('PUT /api/v1/followup/templates/{id}', { path: { id }, body: { ...content, lock_version: row!.lock_version } })
      draft.drop(); setDirty(false); setRestored(false); setStale(false)
      client.setQueryData(['followup', 'template', saved.id], saved)
      void client.invalidateQueries({ queryKey: ['followup', 'template'], exact: true })
      undo(t.savedDraft)
      if (fresh) window.setTimeout(() => void navigate({ to: '/followup/templates/$id', params: { id: saved.id }, replace: true }))
      else setValue(inputOf(saved))
      return true
    } catch (e) {
      if (e instanceof ApiError && e.problem.key === 'db.version.conflict') setStale(true)
      else if (e instanceof ApiError && e.fields.length) { setServer(Object.fromEntries(e.fields.map(f => [f.field, f.message]))); fail(e) }
      else fail(e)
      return false
    } finally { setBusy(false) }
  }
  const reset = () => { draft.drop(); setValue(stored); setDirty(false); setRestored(false); setAt(stored.steps[0]?.key ?? '') }
  const reload = async () => { draft.drop(); setDirty(false); setStale(false); await client.refetchQueries({ queryKey: ['followup', 'template', id], exact: true }); const now = client.getQueryData<Template>(['followup', 'template', id]); if (now) setValue(inputOf(now)) }
  const retire = async () => {
    try { await call('POST /api/v1/followup/templates/{id}/retire', { path: { id } }); setRetiring(false); undo(t.retired); void client.invalidateQueries({ queryKey: ['followup', 'template'] }) } catch (e) { fail(e) }
  }
  const migrate = async () => {
    try { const { moved } = await call('POST /api/v1/followup/templates/{id}/migrate', { path: { id } }); undo(t.migrated(moved)); void client.invalidateQueries({ queryKey: ['followup'] }) } catch (e) { fail(e) }
  }
  useKeys(t.editor, locked ? [] : [
    { key: 'ctrl+s', label: t.keys.save, anywhere: true, run: () => void save() },
    { key: 'n', label: t.keys.add, run: addStep },
    { key: 'j', show: 'j k', label: `${t.keys.next} / ${t.keys.prev}`, run: () => walk(1) },
    { key: 'k', run: () => walk(-1) },
  ])
  useEffect(() => { if (!step && value.steps[0]) setAt(value.steps[0].key) }, [step, value.steps])

  // A draft beside an active version is not live, whatever the template's own state says.
  const changed = row?.versions.find(v => v.state === 'draft')
  const live = row?.versions.find(v => v.state === 'active')
  const activatable = !fresh && row && row.state !== 'retired' && may('followup.template.activate')
  return (
    <div className="page">
      <PageHeader title={value.name || t.newTitle} back={{ to: '/followup/templates', label: t.title }}
        count={<>{row && !fresh && (changed
          ? <><StatusTag tone="wait">{t.states.draft}</StatusTag> {t.versionOf(changed.version)} <span className="sub">{live ? t.liveIs(live.version) : ''}</span></>
          : <><StatusTag tone={row.state === 'active' ? 'ok' : row.state === 'draft' ? 'wait' : 'idle'}>{t.states[row.state] ?? row.state}</StatusTag> {t.versionOf(row.version)}</>)} {dirty && <StatusTag tone="warn">{t.dirty}</StatusTag>}</>}>
        {!locked && <>
          {n > 0 && (shown || !fresh) && <span className="late">{t.problems(n)}</span>}
          <Button type={dirty || fresh ? 'primary' : 'default'} loading={busy} disabled={!dirty && !fresh} onClick={() => void save()}>{t.saveDraft}<Kbd k="ctrl+s" /></Button>
          {activatable && <Button type={dirty || (row.state === 'active' && row.valid_until > today()) ? 'default' : 'primary'} disabled={dirty} title={dirty ? t.activateSaveFirst : undefined} onClick={() => setActivating(true)}>{t.activate}</Button>}
          {!fresh && <Dropdown trigger={['click']} menu={{ items: [
            { key: 'copy', icon: <CopyOutlined />, label: t.copy, onClick: () => void navigate({ to: '/followup/templates/$id', params: { id: 'new' }, search: { from: id } as never }) },
            ...(row?.state === 'active' && row.running_plans > 0 && may('followup.template.activate') ? [{ key: 'migrate', label: t.migrate(row.running_plans), onClick: () => void migrate() }] : []),
            ...(row?.state === 'active' && may('followup.template.activate') ? [{ key: 'retire', danger: true, label: t.retire, onClick: () => setRetiring(true) }] : []),
          ] }}><Button aria-label={t.moreActions} icon={<MoreOutlined />} /></Dropdown>}
        </>}
      </PageHeader>
      <div className="stack">
        {locked && <Alert type="info" showIcon title={t.readOnly} />}
        {restored && draft.restored && <Restored at={draft.restored.at} onDrop={reset} />}
        {stale && <Alert type="warning" showIcon title={p.conflict} action={<Button size="small" onClick={() => void reload()}>{p.reload}</Button>} />}
        <Schedule id={id} version={row?.lock_version ?? 0} steps={value.steps} dirty={dirty} departments={departments.data?.items ?? []} home={value.department_id} onPick={setAt} />
        <div className="tpl">
          <section className="panel tpl-steps" aria-label={t.steps}>
            <h2>{t.steps}<small>{t.stepsNote(value.steps.length)}</small>{!locked && <span className="panel-extra"><Button size="small" icon={<PlusOutlined />} onClick={addStep}>{t.addStep}</Button></span>}</h2>
            {faults.steps && <p className="fld-bad">{faults.steps}</p>}
            <ol>
              {steps.map(({ s, i }) => {
                const bad = Object.keys(faults).some(k => k.startsWith(`steps.${i}.`))
                return <li key={s.key}><button aria-current={s.key === at ? 'step' : undefined} className={(s.key === at ? 'on' : '') + (bad ? ' bad' : '')} onClick={() => setAt(s.key)}><b>D{s.day}</b><span>{s.title || '—'}<small>{t.kinds[s.kind]} · {s.window_from}–{s.window_to}{s.codes?.length ? ` · ${t.codes} ${s.codes.length}` : ''}</small></span></button></li>
              })}
            </ol>
          </section>
          {step ? <Panel className="tpl-step" title={t.editStep(steps.findIndex(x => x.s.key === at) + 1)} note={t.day(step.day)} extra={!locked && <span className="row"><Button size="small" icon={<CopyOutlined />} onClick={copyStep}>{t.duplicate}</Button><Button size="small" danger icon={<DeleteOutlined />} onClick={removeStep}>{t.removeStep}</Button></span>}>
            <StepForm key={step.key} step={step} at={`steps.${index}`} faults={faults} locked={locked} onChange={editStep} />
          </Panel> : <Panel><State title={t.noSteps} hint={t.noStepsHint} action={!locked && <Button type="primary" onClick={addStep}>{t.addStep}</Button>} /></Panel>}
        </div>
        <div className="cols2">
          <Panel title={t.basic}>
            <div className="fields">
              <Field label={t.name} need wide fault={faults.name}><Input value={value.name} maxLength={60} disabled={locked} onChange={e => change({ name: e.target.value })} /></Field>
              <Field label={t.code} fault={faults.code}><Input value={value.code} maxLength={40} disabled={locked || !fresh} onChange={e => change({ code: e.target.value.trim() })} /></Field>
              <Field label={t.family} fault={faults.family}><Input value={value.family} maxLength={30} disabled={locked} onChange={e => change({ family: e.target.value })} /></Field>
              <Field label={t.department} fault={faults.department_id}><Select allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={t.whole} value={value.department_id || undefined} disabled={locked} onChange={v => change({ department_id: v ?? '' })} options={(departments.data?.items ?? []).filter(d => d.kind === 'department').map(d => ({ value: d.id, label: d.name }))} /></Field>
              <Field label={t.source} hint={t.sourceHint} wide fault={faults.source}><Input.TextArea autoSize={{ minRows: 2, maxRows: 5 }} value={value.source} maxLength={500} disabled={locked} onChange={e => change({ source: e.target.value })} /></Field>
            </div>
          </Panel>
          <div className="stack">
            <Triggers triggers={value.triggers} faults={faults} locked={locked} groups={groups.data?.items ?? []} departments={departments.data?.items ?? []} onChange={triggers => change({ triggers })} />
            <Panel title={t.versions} note={t.versionsNote}>
              {row && !fresh && row.versions.length > 0
                ? <ul className="plain-list">{row.versions.map(v => <li key={v.version} className="row"><b>{t.versionOf(v.version)}</b><StatusTag tone={v.state === 'active' ? 'ok' : v.state === 'draft' ? 'wait' : 'idle'}>{t.states[v.state] ?? v.state}</StatusTag><span className="sub">{v.author}</span><span className="grow" /><When at={v.created_at} time /></li>)}</ul>
                : <p className="sub">{t.noVersions}</p>}
              {row && !fresh && row.valid_until && <p className="sub">{t.col.reviewer} {row.reviewer} · {t.col.valid} <Valid date={row.valid_until} live={row.state === 'active'} /></p>}
            </Panel>
          </div>
        </div>
      </div>
      <Guard when={dirty} />
      {row && !fresh && activating && <Activate row={row} open onClose={() => setActivating(false)} onDone={saved => { setActivating(false); client.setQueryData(['followup', 'template', id], saved); void client.invalidateQueries({ queryKey: ['followup', 'template'] }); undo(t.activated) }} />}
      <Modal open={retiring} title={t.retireTitle} okText={t.retire} okButtonProps={{ danger: true }} cancelText={c.cancel} width={420} onOk={() => void retire()} onCancel={() => setRetiring(false)}><p>{t.retireHint(row?.running_plans ?? 0)}</p></Modal>
    </div>
  )
}
