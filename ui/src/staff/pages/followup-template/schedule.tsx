import { Input, Select } from 'antd'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../api/call'
import type { TemplateStep } from '../../../api/contract/followup'
import { addDays, dayOf, today } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { template } from '../../../lib/text/template'
import { DayRuler, Panel, words } from '../../../lib/ui'

interface Props { id: string; version: number; steps: TemplateStep[]; dirty: boolean; departments: { id: string; name: string }[]; home?: string; onPick: (key: string) => void }

/** Schedule draws the plan on its day axis and shows what the department's calendar moves (FU-03). */
export function Schedule({ id, version, steps, dirty, departments, home, onPick }: Props) {
  const t = useText(template)
  const [day0, setDay0] = useState(today)
  const [department, setDepartment] = useState<string | undefined>(home || undefined)
  const stored = id !== 'new'
  const q = useQuery({
    queryKey: ['followup', 'template', id, 'preview', version, day0, department ?? ''], enabled: stored && !!day0 && steps.length > 0, placeholderData: keepPreviousData, retry: false,
    queryFn: ({ signal }) => call('POST /api/v1/followup/templates/{id}/preview', { path: { id }, body: { day0, ...(department ? { department_id: department } : {}) }, signal }),
  })
  const planned = new Map((q.data?.steps ?? []).map(s => [s.key, s]))
  const points = steps.map(s => {
    const p = planned.get(s.key)
    const nominal = addDays(day0 || today(), s.day)
    const same = p && (p.shifted_from ? dayOf(p.shifted_from) : dayOf(p.planned)) === nominal
    return { day: s.day, label: s.title, key: s.key, date: same ? dayOf(p.planned) : undefined }
  })
  const moved = (q.data?.steps ?? []).filter(s => s.shifted_from && s.shifted_from !== s.planned)
  return (
    <Panel title={t.ruler} note={t.rulerNote} extra={
      <span className="row">
        <label className="row">{t.day0}<Input type="date" className="dateinput" size="small" value={day0} onChange={e => setDay0(e.target.value)} /></label>
        <Select size="small" className="deptpick" aria-label={t.previewFor} placeholder={t.previewFor} allowClear value={department} onChange={setDepartment} options={departments.map(d => ({ value: d.id, label: d.name }))} />
      </span>
    }>
      {steps.length > 0 ? <div className="ruler-scroll" tabIndex={0} role="region" aria-label={t.ruler}><DayRuler points={[{ day: 0, label: t.day0, state: 'done', key: '' }, ...points]} start={day0 || today()} onPick={p => p.key && onPick(p.key)} /></div> : <p className="sub">{t.noStepsHint}</p>}
      <div className="moved" aria-live="polite">
        {!stored ? <span className="sub">{t.previewNew}</span>
          : q.error ? <span className="late">{words(q.error)}</span>
            : moved.length > 0 ? <><b>{t.movedTitle}</b>{moved.map(m => <span key={m.key} className="tag">{m.title} {t.moved(m.shifted_from.slice(5), m.planned.slice(5))}{m.reason && `（${t.reasons[m.reason] ?? m.reason}）`}</span>)}</>
              : q.data && <span className="sub">{t.movedNone}</span>}
        {stored && dirty && <span className="soon">{t.previewOld}</span>}
      </div>
    </Panel>
  )
}
