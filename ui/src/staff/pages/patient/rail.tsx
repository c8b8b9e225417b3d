import { Button, Dropdown } from 'antd'
import { AlertOutlined, MoreOutlined, PhoneOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../../../api/call'
import type { Contact, Detail } from '../../../api/contract/patient'
import type { Overview } from '../../../api/contract/timeline'
import { dayOf, relDay } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { patient as words } from '../../../lib/text/patient'
import { form } from '../../../lib/text/patient-form'
import { Due, Facts, Masked, Panel, StatusTag, useFail, useUndo } from '../../../lib/ui'
import { useSession } from '../../session'
import { Attachments } from './attachments'
import { Memberships } from './memberships'
import { Belongings } from '../part/belonging'
import { Preferences } from './preferences'
import { Relatives } from './relatives'
import { OwnFields, Sources } from './sources'

/** Rail says what to do next, what to watch, and the basics. */
export function Rail({ o, onStart, canEdit }: { o: Overview; onStart: () => void; canEdit: boolean }) {
  const t = useText(words)
  const c = useText(common)
  const p = o.patient
  const next = o.next_action
  return (
    <aside className="rail">
      <Panel title={t.rail.next} className="next">
        {next
          ? <><p className="next-t"><Due date={next.due_at} /> {next.title}</p><p className="sub">{t.rail.owner(next.owner_name)}</p><Button type="primary" block icon={<PhoneOutlined />} onClick={onStart}>{t.start}<kbd>C</kbd></Button></>
          : <><p className="next-t">{t.rail.nothing}</p><p className="sub">{t.rail.nothingHint}</p></>}
      </Panel>
      {o.alerts.some(a => a.kind === 'flag') && <Panel title={<><AlertOutlined /> {t.rail.watch}</>} className="watch"><ul>{o.alerts.filter(a => a.kind === 'flag').map(a => <li key={a.kind + a.text}>{a.text}</li>)}</ul></Panel>}
      {o.plans.length > 0 && <Panel title={t.rail.plans}><ul className="plans">{o.plans.map(x => <li key={x.id}><Link to="/followup/plans/$id" params={{ id: x.id }}>{x.name}</Link><span className="sub">{t.plan[x.state] ?? x.state} · {t.rail.progress(x.done, x.total)}{x.next_at && ` · ${t.rail.nextStep} ${relDay(x.next_at)}`}</span><i aria-hidden="true"><u style={{ width: `${x.total ? (x.done / x.total) * 100 : 0}%` }} /></i></li>)}</ul></Panel>}
      {canEdit && !!p.proposals?.length && <Proposals patient={p} />}
      <Preferences id={p.id} />
      <Relatives id={p.id} canEdit={canEdit} />
      <Panel title={t.rail.contacts}><ul className="contacts">{p.contacts.map(x => <ContactLine key={x.id} patient={p} contact={x} canEdit={canEdit} />)}</ul></Panel>
      <Memberships id={p.id} />
      <Panel title={t.rail.basics} extra={canEdit && <Link to="/patients/$id/edit" params={{ id: p.id }}>{c.edit}</Link>}>
        <Facts items={[
          [t.kv.birth, p.birth_date || t.none],
          ...p.identifiers.map(x => [t.idKinds[x.kind] ?? x.kind, <Secret key={x.id} patient={p} field="identifier" refId={x.id} value={x.value} kind="id_card" />] as [React.ReactNode, React.ReactNode]),
          [t.kv.region, p.region?.name ?? t.none],
          [t.kv.address, p.address ? <Secret patient={p} field="address" value={p.address} kind="address" /> : t.none],
          [t.kv.occupation, p.occupation || t.none],
          [t.kv.owner, p.owner?.name ?? t.none],
          [t.kv.created, dayOf(p.created_at)],
          ...(p.note ? [[t.kv.note, p.note] as [React.ReactNode, React.ReactNode]] : []),
        ]} />
      </Panel>
      <Belongings patient={p.id} />
      <OwnFields patientId={p.id} />
      <Sources patient={p} />
      <Attachments patientId={p.id} />
    </aside>
  )
}

/** Proposals are values of a feed that contradict what a person verified. */
function Proposals({ patient: p }: { patient: Detail }) {
  const t = useText(words)
  const f = useText(form).f
  const fail = useFail()
  const client = useQueryClient()
  const decide = useMutation({
    mutationFn: (v: { id: string; accept: boolean }) => call('POST /api/v1/patients/{id}/proposals/{proposal_id}', { path: { id: p.id, proposal_id: v.id }, body: { accept: v.accept } }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['patient', p.id] }),
    onError: fail,
  })
  return (
    <Panel title={t.proposal.title} note={t.proposal.note} className="watch">
      <ul className="proposals">{p.proposals?.map(x => <li key={x.id}><span>{f[x.field] ?? x.field} → <b>{x.value}</b> <small>{t.proposal.from(x.source, relDay(x.at))}</small></span><span className="row"><Button size="small" disabled={decide.isPending} onClick={() => decide.mutate({ id: x.id, accept: true })}>{t.proposal.accept}</Button><Button size="small" disabled={decide.isPending} onClick={() => decide.mutate({ id: x.id, accept: false })}>{t.proposal.reject}</Button></span></li>)}</ul>
    </Panel>
  )
}

function Secret({ patient, field, refId, value, kind }: { patient: Detail; field: 'contact' | 'identifier' | 'address'; refId?: string; value: string; kind: string }) {
  const { may } = useSession()
  const reveal = may('patient.detail.reveal') ? (reason: string) => call('POST /api/v1/patients/{id}/reveal', { path: { id: patient.id }, body: { field, ref: refId, reason } }) : undefined
  return <Masked value={value} field={kind} reveal={value.includes('*') ? reveal : undefined} />
}

function ContactLine({ patient, contact: x, canEdit }: { patient: Detail; contact: Contact; canEdit: boolean }) {
  const t = useText(words)
  const undo = useUndo()
  const fail = useFail()
  const client = useQueryClient()
  const path = { id: patient.id, contact_id: x.id }
  const fresh = () => client.invalidateQueries({ queryKey: ['patient', patient.id] })
  const change = useMutation({
    mutationFn: (body: { state?: string; rank?: number }) => call('PATCH /api/v1/patients/{id}/contacts/{contact_id}', { path, body }),
    onSuccess: (_, body) => {
      const back = { state: body.state ? x.state : undefined, rank: body.rank ? x.rank : undefined }
      undo(body.rank ? t.contact.ranked : body.state === 'wrong' ? t.contact.nowWrong : t.contact.nowOk, () => call('PATCH /api/v1/patients/{id}/contacts/{contact_id}', { path, body: back }).then(fresh).catch(fail))
      void fresh()
    },
    onError: fail,
  })
  const kind = x.system === 'mobile' || x.system === 'phone' ? 'phone' : 'email'
  return (
    <li className={x.state}>
      <div><Secret patient={patient} field="contact" refId={x.id} value={x.value} kind={kind} /><span className="sub">{[t.systems[x.system] ?? x.system, t.owners[x.owner] ?? x.owner, x.label].filter(Boolean).join(' · ')}</span></div>
      <StatusTag tone={x.state === 'ok' ? 'ok' : x.state === 'wrong' ? 'bad' : 'idle'}>{x.state === 'ok' && x.verified_at ? t.contact.verified(relDay(x.verified_at)) : t.contact[x.state]}</StatusTag>
      {canEdit && <Dropdown trigger={['click']} menu={{ items: [
        ...(x.state !== 'ok' || !x.verified_at ? [{ key: 'ok', label: t.contact.markOk, onClick: () => change.mutate({ state: 'ok' }) }] : []),
        ...(x.state !== 'wrong' ? [{ key: 'wrong', danger: true, label: t.contact.markWrong, onClick: () => change.mutate({ state: 'wrong' }) }] : []),
        ...(x.rank !== 1 && x.state !== 'wrong' ? [{ key: 'first', label: t.contact.first, onClick: () => change.mutate({ rank: 1 }) }] : []),
      ] }}><Button type="text" size="small" aria-label={t.contact.actions} icon={<MoreOutlined />} /></Dropdown>}
    </li>
  )
}
