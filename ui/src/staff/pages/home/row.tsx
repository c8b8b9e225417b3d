import { Skeleton } from 'antd'
import { memo } from 'react'
import type { Task } from '../../../api/contract/task'
import { ageOf, timeOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { worklist } from '../../../lib/text/worklist'
import { Due, StatusTag } from '../../../lib/ui'

/** One line of the worklist. */
export const TaskRow = memo(function TaskRow({ task: x, on, team, onOpen }: { task: Task; on: boolean; team: boolean; onOpen: (id: string) => void }) {
  const t = useText(worklist)
  const c = useText(common)
  return (
    <li className={on ? 'on' : undefined}>
      <button aria-current={on || undefined} onClick={() => onOpen(x.id)}>
        <span className="tr-top"><b>{x.patient.name}</b><small>{c.sexOf[x.patient.sex] ?? ''} {ageOf(x.patient.birth_date)}</small>{x.severity > 0 && <StatusTag tone={x.severity >= 2 ? 'bad' : 'warn'}>{t.severity[x.severity]}</StatusTag>}<span className="tr-due"><Due date={x.due_at} /></span></span>
        <span className="tr-sub"><em className={'kind ' + x.kind}>{t.kinds[x.kind]}</em><span>{x.title}</span></span>
        {(x.tries > 0 || team || x.rung > 0 || x.acknowledged_at || x.provisional) && <span className="tr-more">{x.tries > 0 && <span>{t.tries(x.tries)}{x.next_try_at && ` · ${t.nextTry(timeOf(x.next_try_at))}`}</span>}{x.acknowledged_at && <span>{t.ackedAt(timeOf(x.acknowledged_at))}</span>}{x.provisional && <span>{t.provisional}</span>}{(team || x.rung > 0) && <span>{x.owner?.name ?? t.unowned}</span>}</span>}
      </button>
    </li>
  )
})

/** TaskSkeleton keeps the list's size while it loads. */
export const TaskSkeleton = () => <div className="task-skeleton" aria-busy="true">{Array.from({ length: 8 }, (_, i) => <Skeleton key={i} active title={{ width: '40%' }} paragraph={{ rows: 1 }} />)}</div>
