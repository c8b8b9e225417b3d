import { Button, Select } from 'antd'
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useState } from 'react'
import type { Offer } from '../../../api/contract/segment'
import { useText } from '../../../lib/i18n'
import { segment } from '../../../lib/text/segment'
import { IconButton } from '../../../lib/ui'
import { Condition } from './condition'
import { begin, change, fresh, offerOf, type Row } from './model'

interface Props { root: Row; row: Row; offers: Offer[]; locked: boolean; depth?: number; onChange: (root: Row) => void }

const deepest = 5

/** Group shows the nodes of a group with the word that joins them, and lets one add conditions and groups. */
export function Group({ root, row, offers, locked, depth = 1, onChange }: Props) {
  const t = useText(segment)
  const [adding, setAdding] = useState(false)
  const edit = (id: number, fn: (r: Row) => Row | undefined) => onChange(change(root, id, fn))
  const nodes = row.nodes ?? []
  const add = (o?: Offer) => { setAdding(false); if (o) edit(row.id, r => ({ ...r, nodes: [...(r.nodes ?? []), begin(o)] })) }
  const groups = [...new Set(offers.map(o => o.group))].map(label => ({ label, title: label, options: offers.filter(o => o.group === label).map(o => ({ value: o.name + '\n' + o.key, label: o.label })) }))
  return (
    <fieldset className={'sg-group sg-' + row.op}>
      <legend>
        <Select aria-label={t.group} size="small" disabled={locked} value={row.op} onChange={op => edit(row.id, r => ({ ...r, op }))} options={['and', 'or', 'not'].map(value => ({ value, label: t.ops[value] }))} popupMatchSelectWidth={false} />
        {depth > 1 && !locked && <IconButton icon={<DeleteOutlined />} label={t.removeGroup} onClick={() => edit(row.id, () => undefined)} />}
      </legend>
      {nodes.length === 0 && <p className="sub">{t.emptyGroup}</p>}
      <ul className="sg-nodes">
        {nodes.map((n, i) => (
          <li key={n.id}>
            {i > 0 && <span className="sg-join">{t.joins[row.op]}</span>}
            {n.op === 'is'
              ? <Condition row={n} offer={offerOf(offers, n)} locked={locked} onChange={patch => edit(n.id, r => ({ ...r, ...patch }))} onRemove={() => edit(n.id, () => undefined)} />
              : <Group root={root} row={n} offers={offers} locked={locked} depth={depth + 1} onChange={onChange} />}
          </li>
        ))}
      </ul>
      {!locked && (
        <div className="row">
          {adding
            ? <Select autoFocus defaultOpen className="sg-pick" aria-label={t.pickCondition} placeholder={t.pickCondition} showSearch={{ optionFilterProp: 'label' }} options={groups} onBlur={() => setAdding(false)} onSelect={(v: string) => add(offers.find(o => o.name + '\n' + o.key === v))} popupMatchSelectWidth={260} listHeight={360} />
            : <Button size="small" icon={<PlusOutlined />} data-add={depth} onClick={() => setAdding(true)}>{t.addCondition}</Button>}
          {depth < deepest && <Button size="small" type="text" icon={<PlusOutlined />} onClick={() => edit(row.id, r => ({ ...r, nodes: [...(r.nodes ?? []), { id: fresh(), op: r.op === 'and' ? 'or' : 'and', nodes: [] }] }))}>{t.addGroup}</Button>}
        </div>
      )}
    </fieldset>
  )
}
