import { Radio, Select } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { call } from '../../../api/call'
import type { Upload } from '../../../api/contract/intake'
import '../../../api/contract/lookup'
import { count } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { imports } from '../../../lib/text/import'
import { Panel, State } from '../../../lib/ui'
import type { Choice } from '../intake-upload'

/** unanswered counts the questions without an answer. */
export const unanswered = (up: Upload, order: string, said: Record<string, string>) => (up.date_question && !order ? 1 : 0) + up.departments.filter(d => !said[d.word]).length

/** Questions asks what must not be guessed: the order of day and month, and departments that we do not know. */
export function Questions({ up, order, choice, onChange }: { up: Upload; order: string; choice: Choice; onChange: (patch: Partial<Choice>) => void }) {
  const t = useText(imports)
  const ours = useQuery({ queryKey: ['staff', 'departments'], enabled: up.departments.length > 0, queryFn: ({ signal }) => call('GET /api/v1/departments', { signal }) })
  const open = unanswered(up, order, choice.departments)
  const choices = (ours.data?.items ?? []).filter(d => d.active !== false).map(d => ({ value: d.code, label: d.name }))
  const say = (word: string, code: string) => onChange({ departments: { ...choice.departments, [word]: code } })
  if (!up.date_question && up.departments.length === 0) return <Panel><State title={t.noQuestions} hint={t.noQuestionsHint} /></Panel>
  return (
    <>
      {open > 0 && <p className="soon" role="status">{t.unanswered(open)}</p>}
      {up.date_question && <Panel className={order ? '' : 'ask'} title={t.dateTitle}>
        <p className="sub">{t.dateHint(up.date_question.column)}</p>
        <Radio.Group aria-label={t.dateTitle} value={order} onChange={e => onChange({ order: String(e.target.value) })}>
          <div className="stack">{up.date_question.options.map(o => <Radio key={o} value={o}><b>{t.dates[o] ?? o}</b> <span className="sub">{up.date_question!.examples.slice(0, 3).map(x => t.dateRead(x, read(x, o))).join(' · ')}</span></Radio>)}</div>
        </Radio.Group>
      </Panel>}
      {up.departments.length > 0 && <Panel className={up.departments.some(d => !choice.departments[d.word]) ? 'ask' : ''} title={t.departments} note={t.departmentsHint}>
        <ul className="map">{up.departments.map(d => (
          <li key={d.word}><b>{d.name || d.word}{d.name && d.name !== d.word ? ` · ${d.word}` : ''}</b><span className="sub">{t.rowsN(count(d.rows))}</span>
            <Select className="map-pick" aria-label={`${t.ours} ${d.word}`} placeholder={t.choose} showSearch={{ optionFilterProp: 'label' }} loading={ours.isPending} value={choice.departments[d.word]} onChange={v => say(d.word, v)}
              options={[...choices.filter(c => c.value === d.suggest), ...choices.filter(c => c.value !== d.suggest), { value: '+', label: t.create }, { value: '-', label: t.leaveOut }]} /></li>
        ))}</ul>
      </Panel>}
    </>
  )
}

/** read shows how a date would be understood. */
function read(x: string, order: string): string {
  const p = x.split(/[^0-9]+/).filter(Boolean)
  if (p.length < 3 || p[0]!.length === 4) return x // year first can only be read one way
  const [a, b, c] = p as [string, string, string]
  const [d, m] = order === 'dmy' ? [a, b] : [b, a]
  return `${c}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`
}
