import { Button, Input, Select } from 'antd'
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import type { Trigger } from '../../../api/contract/followup'
import { useText } from '../../../lib/i18n'
import { template } from '../../../lib/text/template'
import { IconButton, Panel } from '../../../lib/ui'
import type { Faults } from './model'

interface Props { triggers: Trigger[]; faults: Faults; locked: boolean; groups: { id: string; name: string }[]; departments: { id: string; name: string }[]; onChange: (t: Trigger[]) => void }

/** Triggers edits who is enrolled: any one of the lines is enough. */
export function Triggers({ triggers, faults, locked, groups, departments, onChange }: Props) {
  const t = useText(template)
  const set = (i: number, patch: Partial<Trigger>) => onChange(triggers.map((g, k) => (k === i ? { ...g, ...patch } : g)))
  const named = (list: { id: string; name: string }[]) => list.map(x => ({ value: x.id, label: x.name }))
  return (
    <Panel title={t.triggers} note={t.triggersNote}>
      {triggers.length === 0 && <p className="sub">{t.triggerNone}</p>}
      {triggers.map((g, i) => (
        <div className="trigger" key={i}>
          <Select aria-label={`${t.triggers} ${i + 1}`} value={g.kind} disabled={locked} onChange={kind => set(i, { kind, code: undefined, name: undefined, group_id: undefined })} options={Object.entries(t.triggerKinds).map(([value, label]) => ({ value, label }))} />
          {(g.kind === 'procedure' || g.kind === 'condition') && <>
            <Input aria-label={`${t.triggerCode} ${i + 1}`} placeholder={`${t.triggerCode} ${t.triggerCodeHint[g.kind] ?? ''}`} value={g.code} disabled={locked} onChange={e => set(i, { code: e.target.value.trim() || undefined })} />
            <Input aria-label={`${t.triggerName} ${i + 1}`} placeholder={t.triggerName} value={g.name} disabled={locked} onChange={e => set(i, { name: e.target.value || undefined })} />
          </>}
          {g.kind === 'condition' && <Select aria-label={`${t.triggerGroup} ${i + 1}`} placeholder={t.triggerGroup} allowClear showSearch={{ optionFilterProp: 'label' }} value={g.group_id || undefined} disabled={locked} onChange={group_id => set(i, { group_id })} options={named(groups)} />}
          <Select aria-label={`${t.triggerDepartment} ${i + 1}`} placeholder={t.triggerDepartment} allowClear showSearch={{ optionFilterProp: 'label' }} value={g.department_id || undefined} disabled={locked} onChange={department_id => set(i, { department_id })} options={named(departments)} />
          {!locked && <IconButton icon={<DeleteOutlined />} label={`${t.removeTrigger} ${i + 1}`} onClick={() => onChange(triggers.filter((_, k) => k !== i))} />}
          {faults[`triggers.${i}`] && <span className="fld-bad" role="alert">{faults[`triggers.${i}`]}</span>}
        </div>
      ))}
      {!locked && <Button size="small" icon={<PlusOutlined />} onClick={() => onChange([...triggers, { kind: 'procedure' }])}>{t.addTrigger}</Button>}
    </Panel>
  )
}
