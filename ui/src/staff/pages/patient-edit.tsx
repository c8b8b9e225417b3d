import { Button, Input, Popconfirm, Select } from 'antd'
import { CloseOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { ApiError, call } from '../../api/call'
import '../../api/contract/patient'
import type { FieldValue } from '../../api/contract/custom'
import type { Detail, Identifier, NewIdentifier, PatientInput } from '../../api/contract/patient'
import { useDraft } from '../../lib/draft'
import { relTime } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { patient as people } from '../../lib/text/patient'
import { form } from '../../lib/text/patient-form'
import { Failure, IconButton, Kbd, PageHeader, PageSkeleton, StatusTag, useFail, useUndo } from '../../lib/ui'
import { useColleagues } from '../lookup'
import { Conflict } from './patient-form/conflict'
import { Duplicates, useDuplicates } from './patient-form/duplicates'
import { Form } from './patient-form/form'
import { blank, check, mobileOf, readDate, threeWay, type Fields } from './patient-form/rules'
import { errorsOf } from './patient-new'
import './patient-form.css'

const plain = ['name', 'sex', 'birth_date', 'occupation', 'ethnicity', 'marital', 'source', 'region_code', 'address', 'owner_id', 'note', 'alert'] as const
type Flat = Record<(typeof plain)[number], string>

/** flat is a record as the form edits it; the address is masked, so that the form starts without one. */
const flat = (p: Detail): Flat => ({ name: p.name, sex: p.sex, birth_date: p.birth_date ?? '', occupation: p.occupation, ethnicity: p.ethnicity, marital: p.marital, source: p.source, region_code: p.region?.code ?? '', address: '', owner_id: p.owner?.id ?? '', note: p.note, alert: p.alert })

/** EditPatient changes a record; a newer version of somebody else is merged field by field. */
export default function EditPatient() {
  const { id } = useParams({ strict: false }) as { id: string }
  const q = useQuery({ queryKey: ['patient', id, 'edit'], staleTime: Infinity, refetchOnWindowFocus: false, queryFn: ({ signal }) => call('GET /api/v1/patients/{id}', { path: { id }, signal }) })
  const own = useQuery({ queryKey: ['patient', id, 'edit', 'fields'], staleTime: Infinity, refetchOnWindowFocus: false, queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/fields', { path: { id }, signal }) })
  const error = q.error ?? own.error
  if (error && !(q.data && own.data)) return <div className="page"><Failure error={error} retry={() => { void q.refetch(); void own.refetch() }} /></div>
  return q.data && own.data ? <Edit key={id} patient={q.data} own={own.data.items} /> : <PageSkeleton />
}

interface Kept { base: Flat; version: number; value: Flat; tags: string[]; fields?: FieldValue[] }

const packed = (v: FieldValue[]) => JSON.stringify(v.filter(x => x.values.length).map(x => [x.field_id, [...x.values].sort()]).sort())

function Edit({ patient, own }: { patient: Detail; own: FieldValue[] }) {
  const t = useText(form)
  const c = useText(common)
  const navigate = useNavigate()
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const draft = useDraft<Kept>('patient.' + patient.id)
  // The base stays what it was when the form was opened: a feed that writes meanwhile must not hide my changes.
  const [start, setStart] = useState(() => draft.restored?.value ?? { base: flat(patient), version: patient.version, value: flat(patient), tags: patient.tags })
  const [restored, setRestored] = useState(!!draft.restored)
  const [value, setValue] = useState(start.value)
  const [tags, setTags] = useState(start.tags)
  const [fields, setFields] = useState(start.fields ?? own)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [current, setCurrent] = useState<Detail>()
  const [round, setRound] = useState(0)
  const colleagues = useColleagues(true)
  const f: Fields = { ...blank(), ...value, contacts: [], tags, fields }
  const found = useDuplicates({ ...f, name: value.name !== start.base.name || value.birth_date !== start.base.birth_date ? value.name : '' }, patient.id)
  const back = () => void navigate({ to: '/patients/$id', params: { id: patient.id }, replace: true })
  const change = useCallback((patch: Partial<Fields>) => {
    const next = { ...value }
    for (const k of plain) if (typeof patch[k] === 'string') next[k] = patch[k]
    setValue(next)
    const nextTags = patch.tags ?? tags
    setTags(nextTags)
    const nextFields = patch.fields ?? fields
    setFields(nextFields)
    draft.keep({ ...start, value: next, tags: nextTags, fields: nextFields })
    setErrors(old => Object.fromEntries(Object.entries(old).filter(([k]) => !(k in patch) && !(patch.fields && k.startsWith('fields.')))))
  }, [value, tags, fields, start, draft])
  const save = useMutation({
    mutationFn: async ({ patch, version }: { patch: Record<string, string>; version: number }) => {
      const add = tags.filter(x => !patient.tags.includes(x))
      const remove = patient.tags.filter(x => !tags.includes(x))
      const mineOnly = fields.filter(x => packed([x]) !== packed(own.filter(y => y.field_id === x.field_id)))
      // The own fields first: if one of them is refused, nothing is saved.
      if (mineOnly.length) version = (await call('PATCH /api/v1/patients/{id}/fields', { path: { id: patient.id }, body: { version, fields: mineOnly } })).version
      const p = Object.keys(patch).length ? await call('PATCH /api/v1/patients/{id}', { path: { id: patient.id }, body: { version, ...(patch as Partial<PatientInput>) } }) : patient
      if (add.length || remove.length) await call('POST /api/v1/patients/{id}/tags', { path: { id: patient.id }, body: { add, remove } })
      return p
    },
    onSuccess: p => { draft.drop(); void client.invalidateQueries({ queryKey: ['patient'] }); undo(t.saved(p.name)); back() },
    onError: async e => {
      if (e instanceof ApiError && e.status === 409) {
        const now = await call('GET /api/v1/patients/{id}', { path: { id: patient.id } }).catch(() => undefined)
        const sent = e.problem.data as Partial<Detail> | undefined
        const theirs = sent?.contacts && sent.version ? (sent as Detail) : now
        if (theirs && theirs.version !== start.version) { setCurrent(theirs); return }
      }
      const byField = errorsOf(e)
      setErrors(byField)
      if (Object.keys(byField).length === 0) fail(e)
    },
  })
  const mine: Flat = { ...value, birth_date: readDate(value.birth_date) ?? value.birth_date, address: value.address.trim() }
  const submit = () => {
    if (save.isPending) return
    const wrong = Object.fromEntries(Object.entries(check(f, false)).map(([k, v]) => [k, t.bad[v]]))
    setErrors(wrong)
    if (Object.keys(wrong).length) return
    const { patch } = threeWay(start.base, mine, start.base)
    if (Object.keys(patch).length === 0 && tags.join() === patient.tags.join() && packed(fields) === packed(own)) { draft.drop(); undo(t.nothing); back(); return }
    save.mutate({ patch, version: start.version })
  }
  const drop = () => { const fresh = { base: flat(current ?? patient), version: (current ?? patient).version, value: flat(current ?? patient), tags: patient.tags }; draft.drop(); setStart(fresh); setValue(fresh.value); setTags(fresh.tags); setFields(own); setCurrent(undefined); setRestored(false); setRound(round + 1) }
  useKeys(t.group, [{ key: 'ctrl+Enter', label: t.saveEdit, anywhere: true, run: submit }, { key: 'ctrl+s', anywhere: true, run: submit }])
  // A contact or number saved here is my own change: the record's next version is still what I edit.
  const follow = useCallback((version: number) => setStart(old => (version === old.version + 1 ? { ...old, version } : old)), [])
  const label = (key: string, v: string) => (key === 'sex' ? c.sexOf[v] ?? v : key === 'owner_id' ? colleagues.data?.items.find(x => x.id === v)?.name ?? v : v)
  const n = Object.keys(errors).length
  return (
    <div className="page">
      <PageHeader title={t.editTitle(patient.name)} back={{ to: '/patients/' + patient.id, label: t.backTo(patient.name) }} count={<span className="sub wide">{t.hint}</span>}>
        {n > 0 && <span className="pf-error" role="alert">{t.fix(n)}</span>}
        <Button onClick={back}>{c.cancel}</Button>
        <Button type="primary" loading={save.isPending} onClick={submit}>{t.saveEdit}<Kbd k="ctrl+Enter" /></Button>
      </PageHeader>
      {restored && draft.restored && <div className="notice">{t.restored(relTime(draft.restored.at))} <button className="link" onClick={drop}>{t.discardEdit}</button></div>}
      <div className="pf-split">
        <Form key={round} value={f} onChange={change} errors={errors} existing={{ address: patient.address, region: patient.region?.name ?? '', source: patient.source, contacts: <AddContact patient={patient} onVersion={follow} />, numbers: <AddNumber patient={patient} onVersion={follow} /> }} />
        <aside className="pf-side">{found.enough && <Duplicates found={found} />}<p className="sub">{t.kept}</p></aside>
      </div>
      {current && <Conflict both={threeWay(start.base, mine, { ...flat(current) })} label={label} busy={save.isPending} onDrop={drop} onSave={patch => save.mutate({ patch, version: current.version })} />}
    </div>
  )
}

/** AddContact lists what is known, masked, and adds one more at once. */
function AddContact({ patient, onVersion }: { patient: Detail; onVersion: (v: number) => void }) {
  const t = useText(form)
  const w = useText(people)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const [list, setList] = useState(patient.contacts)
  const [line, setLine] = useState({ system: 'mobile', value: '', owner: 'self' })
  const [bad, setBad] = useState('')
  const version = () => call('GET /api/v1/patients/{id}', { path: { id: patient.id } }).then(p => onVersion(p.version)).catch(() => undefined)
  const add = useMutation({
    mutationFn: () => call('POST /api/v1/patients/{id}/contacts', { path: { id: patient.id }, body: { ...line, value: line.system === 'mobile' ? mobileOf(line.value) : line.value.trim() } }),
    onSuccess: x => {
      void version()
      setList(old => [...old, x])
      setLine({ ...line, value: '' })
      undo(t.hints.added, () => call('DELETE /api/v1/patients/{id}/contacts/{contact_id}', { path: { id: patient.id, contact_id: x.id } }).then(() => { setList(old => old.filter(y => y.id !== x.id)); void version() }).catch(fail))
      void client.invalidateQueries({ queryKey: ['patient', patient.id, 'overview'] })
    },
    onError: e => { const f = errorsOf(e); if (f.value) setBad(f.value); else fail(e) },
  })
  const go = () => {
    if (line.system === 'mobile' && !/^1[3-9]\d{9}$/.test(mobileOf(line.value))) { setBad(t.bad.mobile); return }
    if (line.value.trim() && !add.isPending) add.mutate()
  }
  return (
    <div className="stack pf-rows">
      <ul className="pf-have">{list.map(x => <li key={x.id}><b>{x.value}</b> <span className="sub">{[w.systems[x.system] ?? x.system, w.owners[x.owner] ?? x.owner].filter(Boolean).join(' · ')}</span> {x.state !== 'ok' && <StatusTag tone={x.state === 'wrong' ? 'bad' : 'plain'}>{w.contact[x.state]}</StatusTag>}</li>)}</ul>
      <div className="row nowrap-row">
        <Select aria-label={t.hints.system} className="pf-kind" value={line.system} onChange={v => setLine({ ...line, system: v })} options={['mobile', 'phone', 'email', 'wechat', 'qq'].map(s => ({ value: s, label: w.systems[s] }))} />
        <Input className="pf-value" aria-label={t.hints.mobile} status={bad ? 'error' : undefined} placeholder={line.system === 'mobile' ? t.hints.mobile : undefined} value={line.value} maxLength={80} onChange={e => { setBad(''); setLine({ ...line, value: e.target.value }) }} onPressEnter={e => { if (!e.ctrlKey && !e.metaKey) go() }} />
        <Select aria-label={t.hints.owner} className="pf-kind" value={line.owner} onChange={v => setLine({ ...line, owner: v })} options={Object.entries(w.owners).map(([k, label]) => ({ value: k, label }))} />
        <Button disabled={!line.value.trim()} loading={add.isPending} onClick={go}>{t.hints.addNow}</Button>
      </div>
      {bad && <p className="pf-error" role="alert">{bad}</p>}
    </div>
  )
}

/** AddNumber lists the hospital numbers; one can be added or taken away at once, and that can be taken back. */
function AddNumber({ patient, onVersion }: { patient: Detail; onVersion: (v: number) => void }) {
  const t = useText(form)
  const w = useText(people)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const [list, setList] = useState(patient.identifiers)
  const [line, setLine] = useState({ kind: 'outpatient', value: '' })
  const [bad, setBad] = useState('')
  const show = (p: Detail) => { setList(p.identifiers); onVersion(p.version); void client.invalidateQueries({ queryKey: ['patient', patient.id, 'overview'] }) }
  const put = (body: NewIdentifier) => call('POST /api/v1/patients/{id}/identifiers', { path: { id: patient.id }, body })
  const drop = (x: string) => call('DELETE /api/v1/patients/{id}/identifiers/{identifier_id}', { path: { id: patient.id, identifier_id: x } })
  const fresh = () => call('GET /api/v1/patients/{id}', { path: { id: patient.id } }).then(show)
  const add = useMutation({
    mutationFn: () => put({ kind: line.kind, value: line.value.trim() }),
    onSuccess: p => {
      const made = p.identifiers.find(x => !list.some(y => y.id === x.id))
      show(p)
      setLine({ ...line, value: '' })
      undo(t.hints.numberAdded, made && (() => drop(made.id).then(fresh).catch(fail)))
    },
    onError: e => { const f = errorsOf(e); const first = Object.values(f)[0]; if (first) setBad(first); else fail(e) },
  })
  const remove = useMutation({
    mutationFn: (x: Identifier) => drop(x.id),
    onSuccess: (_, x) => { void fresh().catch(fail); undo(t.hints.numberRemoved(x.value), x.value.includes('*') ? undefined : () => put({ kind: x.kind, issuer: x.issuer, value: x.value }).then(show).catch(fail)) },
    onError: fail,
  })
  const go = () => { if (line.value.trim() && !add.isPending) add.mutate() }
  return (
    <div className="stack pf-rows gap-top">
      <b>{t.f.identifiers}</b>
      {list.length > 0 && <ul className="pf-have">{list.map(x => <li key={x.id}><b>{x.value}</b> <span className="sub">{[w.idKinds[x.kind] ?? x.kind, x.issuer].filter(Boolean).join(' · ')}</span> {x.value.includes('*')
        ? <Popconfirm title={t.hints.numberSure(x.value)} okText={t.hints.removeNumber} cancelText={t.hints.keepNumber} onConfirm={() => remove.mutate(x)}><Button type="text" size="small" icon={<CloseOutlined />} aria-label={`${t.hints.removeNumber} ${x.value}`} /></Popconfirm>
        : <IconButton icon={<CloseOutlined />} label={`${t.hints.removeNumber} ${x.value}`} onClick={() => remove.mutate(x)} />}</li>)}</ul>}
      <div className="row nowrap-row">
        <Select aria-label={t.hints.kind} className="pf-kind" value={line.kind} onChange={v => setLine({ ...line, kind: v })} options={['outpatient', 'inpatient', 'card', 'health_card', 'checkup', 'id_card', 'passport'].filter(k => w.idKinds[k]).map(k => ({ value: k, label: w.idKinds[k] }))} />
        <Input className="pf-value" aria-label={t.hints.number} placeholder={t.hints.number} status={bad ? 'error' : undefined} value={line.value} maxLength={40} onChange={e => { setBad(''); setLine({ ...line, value: e.target.value }) }} onPressEnter={e => { if (!e.ctrlKey && !e.metaKey) go() }} />
        <Button disabled={!line.value.trim()} loading={add.isPending} onClick={go}>{t.hints.addNow}</Button>
      </div>
      {bad && <p className="pf-error" role="alert">{bad}</p>}
    </div>
  )
}
