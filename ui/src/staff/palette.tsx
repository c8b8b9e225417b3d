import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { ArrowRightOutlined } from '@ant-design/icons'
import { ageOf } from '../lib/format'
import { useText } from '../lib/i18n'
import { common } from '../lib/text/common'
import { shell } from '../lib/text/shell'
import { Grade } from '../lib/ui/bits'
import { findPeople } from './people'
import { Name, Why } from './pages/part/why'
import { nav } from './nav'
import { useSession } from './session'

interface Row { id: string; group: string; to: string; search?: object; node: React.ReactNode }

/** Palette finds people and commands in one box; the server knows the pinyin. */
export function Palette({ onClose }: { onClose: () => void }) {
  const t = useText(shell)
  const c = useText(common)
  const { may, session } = useSession()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const box = useRef<HTMLInputElement>(null)
  const back = useRef(document.activeElement as HTMLElement | null)
  useEffect(() => { box.current?.focus(); return () => (back.current ?? document.getElementById('main'))?.focus() }, [])
  const q = useDeferredValue(text.trim())
  const canSearch = may('patient.*')
  const { data, isFetching } = useQuery({ queryKey: ['patient', 'palette', q], enabled: q.length > 0 && canSearch, placeholderData: keepPreviousData, queryFn: ({ signal }) => findPeople(q, 8, signal) })
  const rows = useMemo<Row[]>(() => {
    const wanted = q.toLowerCase()
    const commands = [
      ...nav.flatMap(g => g.places).filter(p => may(...p.may) && (!p.demo || session.demo)).map(p => ({ to: p.to, search: undefined as object | undefined, label: p.label(t), pinyin: p.pinyin })),
      ...(may('patient.patient.create') ? [{ to: '/patients/new', search: undefined, label: t.nav.newPatient, pinyin: 'xjhz' }] : []),
      { to: '/', search: { view: 'due' }, label: t.nav.dueToday, pinyin: 'jrsf' },
      { to: '/', search: { view: 'escalated' }, label: t.nav.escalated, pinyin: 'ysjsf' },
    ].filter(x => !wanted || x.label.toLowerCase().includes(wanted) || x.pinyin.includes(wanted))
    const people = q ? (data ?? []) : []
    return [
      ...people.map(p => ({ id: 'p' + p.id, group: t.palette.people, to: '/patients/' + p.id, node: <><Grade grade={p.grade} /><b><Name name={p.name} matches={p.why} /></b><Why matches={p.why} /><small>{[c.sexOf[p.sex ?? 'unknown'], ageOf(p.birth_date), p.phone, p.note].filter(Boolean).join(' · ')}</small></> })),
      ...commands.map(x => ({ id: 'c' + x.label, group: t.palette.commands, to: x.to, search: x.search, node: <><ArrowRightOutlined /><b>{x.label}</b></> })),
    ]
  }, [q, data, may, session, t, c])
  const run = (i: number) => {
    const r = rows[i]
    if (!r) return
    back.current = null // the page that opens takes the keys, not the button that opened the palette
    onClose()
    void navigate({ to: r.to, search: (r.search ?? {}) as never })
  }
  return (
    <div className="pal-mask" onMouseDown={onClose}>
      <div className="pal" role="dialog" aria-modal="true" aria-label={t.palette.label} onMouseDown={e => e.stopPropagation()}>
        <input
          ref={box} value={text} placeholder={t.palette.placeholder} aria-label={t.palette.label} autoComplete="off" spellCheck={false} role="combobox" aria-expanded={rows.length > 0} aria-controls="pal-list" aria-activedescendant={rows[at] ? `pal-${at}` : undefined}
          onChange={e => { setText(e.target.value); setAt(0) }}
          onKeyDown={e => {
            if (e.nativeEvent.isComposing) return
            if (e.key === 'Escape') onClose()
            else if (e.key === 'Tab') e.preventDefault()
            else if (e.key === 'ArrowDown') { e.preventDefault(); setAt(x => Math.min(x + 1, rows.length - 1)) }
            else if (e.key === 'ArrowUp') { e.preventDefault(); setAt(x => Math.max(x - 1, 0)) }
            else if (e.key === 'Enter') { e.preventDefault(); run(at) }
          }}
        />
        <ul id="pal-list" role="listbox" aria-label={t.palette.label}>
          {rows.map((r, i) => [
            rows[i - 1]?.group !== r.group && <li key={'g' + r.group} role="presentation" className="pal-group">{r.group}</li>,
            <li key={r.id} id={`pal-${i}`} role="option" aria-selected={i === at} ref={i === at ? el => { el?.scrollIntoView({ block: 'nearest' }) } : undefined} onMouseMove={() => setAt(i)} onClick={() => run(i)}>{r.node}</li>,
          ])}
        </ul>
        {q && !isFetching && rows.length === 0 && <p className="pal-none">{t.palette.none(q)} {t.palette.noneHint}<button className="link" onClick={() => { onClose(); void navigate({ to: '/patients/new' }) }}>{t.palette.create}</button></p>}
        <footer><span><kbd>↑</kbd><kbd>↓</kbd> {t.palette.pick}</span><span><kbd>Enter</kbd> {t.palette.go}</span><span><kbd>Esc</kbd> {c.close}</span></footer>
      </div>
    </div>
  )
}
