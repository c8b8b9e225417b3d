import { Input, Modal, Select } from 'antd'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import '../../../api/contract/organization'
import type { OrganizationCard } from '../../../api/contract/organization'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { organization } from '../../../lib/text/organization'
import { useFail } from '../../../lib/ui'
import { useColleagues } from '../../lookup'
import { Field } from '../followup-template/step'

/** faultsOf puts the server's words beside the fields. */
export const faultsOf = (e: unknown) => (e instanceof ApiError && e.fields.length ? Object.fromEntries(e.fields.map(f => [f.field, f.message])) : undefined)

/** OrganizationDialog adds an organisation or changes its card. */
export function OrganizationDialog({ row, onClose, onDone }: { row?: OrganizationCard; onClose: () => void; onDone: (id: string) => void }) {
  const t = useText(organization)
  const c = useText(common)
  const fail = useFail()
  const people = useColleagues()
  const [f, setF] = useState({ kind: row?.kind ?? 'employer', name: row?.name ?? '', code: row?.code ?? '', address: row?.address ?? '', phone: row?.phone ?? '', note: row?.note ?? '', owner_id: row?.owner?.id })
  const [faults, setFaults] = useState<Record<string, string>>({})
  const set = (patch: Partial<typeof f>) => { setF({ ...f, ...patch }); setFaults({}) }
  const save = useMutation({
    mutationFn: () => (row ? call('PUT /api/v1/organizations/{id}', { path: { id: row.id }, body: { ...f, version: row.version } }).then(() => row.id) : call('POST /api/v1/organizations', { body: f }).then(x => x.id)),
    onSuccess: onDone,
    onError: e => { const byField = faultsOf(e); if (byField) setFaults(byField); else fail(e) },
  })
  const line = (key: 'name' | 'code' | 'address' | 'phone', need = false) => <Field label={t.f[key]} need={need} fault={faults[key]}><Input aria-label={t.f[key]} autoFocus={key === 'name'} maxLength={key === 'address' ? 200 : 80} value={f[key]} onChange={e => set({ [key]: e.target.value })} /></Field>
  return (
    <Modal open title={row ? t.edit : t.create} okText={c.save} cancelText={c.cancel} width={520} confirmLoading={save.isPending} okButtonProps={{ disabled: !f.name.trim() }} onOk={() => save.mutate()} onCancel={onClose}>
      <div className="stack" onKeyDown={e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) save.mutate() }}>
        {line('name', true)}
        <Field label={t.f.kind} need fault={faults.kind}><Select className="full" aria-label={t.f.kind} value={f.kind} onChange={v => set({ kind: v })} options={Object.entries(t.kinds).map(([value, label]) => ({ value, label }))} /></Field>
        {line('code')}{line('address')}{line('phone')}
        <Field label={t.f.owner}><Select className="full" allowClear aria-label={t.f.owner} showSearch={{ optionFilterProp: 'label' }} value={f.owner_id} onChange={v => set({ owner_id: v })} options={people.data?.items.map(x => ({ value: x.id, label: x.name }))} /></Field>
        <Field label={t.f.note} fault={faults.note}><Input.TextArea aria-label={t.f.note} maxLength={500} autoSize={{ minRows: 2, maxRows: 6 }} value={f.note} onChange={e => set({ note: e.target.value })} /></Field>
      </div>
    </Modal>
  )
}
