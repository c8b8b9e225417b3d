import { Link } from '@tanstack/react-router'
import type { Brief } from '../../../api/contract/person'
import { ageOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { Initial, Tag } from '../../../lib/ui'

/** Who is a patient in one line: name, sex, age. */
export function Who({ p, to }: { p: Brief; to?: string }) {
  const c = useText(common)
  return <Link className="pname" to={to ?? `/patients/${p.id}`}><b>{p.name}</b><small>{[c.sexOf[p.sex], p.birth_date ? ageOf(p.birth_date) : p.age].filter(Boolean).join(' ')}</small></Link>
}

/** Card is a patient at a glance, above a thread or beside a record. */
export function Card({ p, children }: { p: Brief; children?: React.ReactNode }) {
  const c = useText(common)
  return (
    <div className="who">
      <Initial name={p.name} size={40} />
      <div>
        <Link className="pname" to="/patients/$id" params={{ id: p.id }}><b>{p.name}</b><small>{[c.sexOf[p.sex], p.birth_date ? ageOf(p.birth_date) : '', p.birth_date].filter(Boolean).join(' · ')}</small></Link>
        <div className="sub">{p.phone}</div>
        <div>{p.alert && <Tag warn>{p.alert}</Tag>}{(p.tags ?? []).map(x => <Tag key={x}>{x}</Tag>)}</div>
      </div>
      {children && <div className="who-acts">{children}</div>}
    </div>
  )
}
