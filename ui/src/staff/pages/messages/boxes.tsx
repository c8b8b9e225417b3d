import { Button, Drawer, Select } from 'antd'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '../../../api/call'
import type { Box, Message, Totals } from '../../../api/contract/message'
import { count, yuan } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { message } from '../../../lib/text/message'
import { part } from '../../../lib/text/part'
import { BatchBar, DataTable, Empty, FilterBar, StatusTag, useFail, useUndo, When, type Column, type Tone } from '../../../lib/ui'
import { useUrl } from '../../../lib/url'
import { PatientPicker } from '../part/picker'
import { Card, Who } from '../part/who'
import { Thread } from './thread'

const tones: Record<string, Tone> = { queued: 'wait', sending: 'info', accepted: 'info', delivered: 'ok', failed: 'bad', unknown: 'warn', blocked: 'warn', cancelled: 'idle' }

/** Boxes are the outbox (reason, ETA, cancel), the sent box (receipts that add up) and what was blocked (SM-02, SM-03). */
export function Boxes({ box, totals, cancels }: { box: Box; totals?: Totals; cancels: boolean }) {
  const t = useText(message)
  const p = useText(part)
  const url = useUrl()
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const [keys, setKeys] = useState<string[]>([])
  const [open, setOpen] = useState<Message>()
  const query = { box, patient_id: url.one('patient'), state: url.one('state'), cursor: url.one('cursor'), limit: url.one('limit') }
  const q = useQuery({ queryKey: ['message', 'box', query], placeholderData: keepPreviousData, queryFn: ({ signal }) => call('GET /api/v1/messages', { query, signal }) })
  const cancel = async (ids: string[]) => {
    const done = await Promise.allSettled(ids.map(id => call('POST /api/v1/messages/{id}/cancel', { path: { id } })))
    const late = done.filter(d => d.status === 'rejected')
    setKeys([])
    void client.invalidateQueries({ queryKey: ['message'] })
    if (ids.length === 1 && late[0]?.status === 'rejected') fail(late[0].reason)
    else undo([t.cancelledN(ids.length - late.length), late.length ? t.tooLate(late.length) : ''].filter(Boolean).join('; '))
  }
  const columns = useMemo<Column<Message>[]>(() => [
    { key: 'patient', title: t.col.patient, fixedIn: true, render: (_, r) => <Who p={r.patient} /> },
    { key: 'to', title: t.col.to, render: (_, r) => <span className="nowrap">{r.to}</span> },
    { key: 'text', title: t.col.text, width: 360, render: (_, r) => <span className="cut" title={r.text}>{r.text}</span> },
    { key: 'state', title: t.col.state, render: (_, r) => <StatusTag tone={tones[r.state] ?? 'info'}>{t.states[r.state] ?? r.state}</StatusTag> },
    { key: 'why', title: t.col.why, render: (_, r) => r.reason_text ? <span className="cut why" title={r.reason_text}>{r.reason_text}</span> : <span className="sub">—</span> },
    box === 'outbox' ? { key: 'eta', title: t.col.eta, render: (_, r) => <When at={r.eta} time /> } : { key: 'when', title: t.col.when, render: (_, r) => <When at={r.settled_at || r.accepted_at || r.created_at} time /> },
    { key: 'parts', title: t.col.parts, align: 'right', hidden: box === 'blocked', render: (_, r) => r.parts },
    { key: 'cost', title: t.col.cost, align: 'right', hidden: box === 'blocked', render: (_, r) => yuan(r.cost_fen) },
    { key: 'from', title: t.col.from, render: (_, r) => <>{t.rooms[r.room] ?? r.room} <small className="sub">{r.sender_name || p.purposes[r.purpose]}</small></> },
    ...(cancels ? [{ key: 'acts', title: '', fixedIn: true, render: (_: unknown, r: Message) => (r.state === 'queued' || r.state === 'blocked') && <Button size="small" onClick={() => void cancel([r.id])}>{t.cancel}</Button> }] : []),
    // eslint-disable-next-line react-hooks/exhaustive-deps
  ], [t, p, box, cancels])
  const dirty = !!query.patient_id || !!query.state
  return (
    <>
      {box === 'sent' && totals && <Sum n={totals} />}
      <FilterBar dirty={dirty} onClear={() => url.set({ patient: undefined, state: undefined })}>
        <PatientPicker className="kw" label={t.col.patient} value={query.patient_id} onChange={id => url.set({ patient: id })} />
        {box === 'sent' && <Select aria-label={t.col.state} className="statepick" placeholder={t.allStates} allowClear value={query.state} onChange={v => url.set({ state: v })} options={['delivered', 'failed', 'unknown', 'accepted'].map(s => ({ value: s, label: t.states[s] }))} />}
      </FilterBar>
      <DataTable id={'message.' + box} query={q} columns={columns} rowKey={r => r.id} onOpen={setOpen} selection={cancels ? { keys, onChange: setKeys } : undefined} label={t.views[box]}
        empty={dirty ? <Empty /> : <Empty title={t.empty[box]} hint={t.emptyHint[box]} />}
        card={r => <div className="plain-card"><span className="row"><Who p={r.patient} /><span className="grow" /><StatusTag tone={tones[r.state] ?? 'info'}>{t.states[r.state] ?? r.state}</StatusTag></span><span>{r.text}</span><span className="row sub">{r.reason_text} <When at={box === 'outbox' ? r.eta : r.settled_at || r.accepted_at || r.created_at} time /><span className="grow" />{cancels && <Button size="small" onClick={() => void cancel([r.id])}>{t.cancel}</Button>}</span></div>}
      />
      <BatchBar n={keys.length} onClear={() => setKeys([])}><Button size="small" onClick={() => void cancel(keys)}>{t.cancel}</Button></BatchBar>
      <Drawer open={!!open} onClose={() => setOpen(undefined)} size={520} title={t.thread}>{open && <div className="stack"><Card p={open.patient} /><Thread patient={open.patient.id} mark={open.id} /></div>}</Drawer>
    </>
  )
}

/** Sum shows that delivered, failed and unknown are all that was sent; what still waits for a receipt stands apart. */
function Sum({ n }: { n: Totals }) {
  const t = useText(message)
  const settled = n.delivered + n.failed + n.unknown
  const waiting = Math.max(0, n.sent - settled)
  const one = (label: string, n: number, tone = '', title?: string) => <span className="sum-one" title={title}><small>{label}</small><b className={tone}>{count(n)}</b></span>
  return (
    <div className="sum" role="group" aria-label={t.totals.label}>
      <small className="sub">{t.totals.days}</small>
      {one(t.totals.delivered, n.delivered, 'ok')}<i>+</i>{one(t.totals.failed, n.failed, 'bad')}<i>+</i>{one(t.totals.unknown, n.unknown, 'warn', t.totals.unknownHint)}<i>=</i>{one(t.totals.sent, settled)}
      {waiting > 0 && <span className="apart">{one(t.totals.waiting, waiting)}</span>}
    </div>
  )
}
