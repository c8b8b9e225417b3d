import { Input } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call } from '../../../api/call'
import type { TaskDetail } from '../../../api/contract/task'
import { dropDraft, readDraft, useDraft } from '../../../lib/draft'
import { now, timeOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { worklist } from '../../../lib/text/worklist'

type Save = { state: 'idle' | 'waiting' | 'saving' | 'local'; at?: string }
const rest = 1500 // milliseconds of silence before a save; a killed browser loses less than five seconds

/**
 * useNotes keeps the notes of one task: on this machine within half a second, on the server
 * within two, again every four seconds while the network is down.
 */
export function useNotes(task: TaskDetail) {
  const name = 'task.' + task.id
  const draft = useDraft<string>(name)
  const local = draft.restored?.value
  const [text, setText] = useState(local ?? task.draft ?? '')
  const [save, setSave] = useState<Save>({ state: 'idle' })
  const box = useRef<TextAreaRef>(null)
  const sent = useRef(task.draft ?? '')
  const latest = useRef(text)
  const timer = useRef(0)
  const dropped = useRef(false)

  const send = useCallback(async (keepalive = false) => {
    window.clearTimeout(timer.current)
    const value = latest.current
    if (dropped.current || value === sent.current) return
    setSave({ state: 'saving' })
    try {
      await call('PUT /api/v1/followup/tasks/{id}/draft', { path: { id: task.id }, body: { text: value }, keepalive })
      sent.current = value
      if (latest.current === value) { dropDraft(name); setSave({ state: 'idle', at: timeOf(now()) }) }
    } catch {
      setSave({ state: 'local' })
      timer.current = window.setTimeout(() => void send(), 4000)
    }
  }, [task.id, name])

  const change = useCallback((value: string) => {
    latest.current = value
    setText(value)
    draft.keep(value)
    setSave(s => (s.state === 'waiting' ? s : { state: 'waiting' }))
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => void send(), rest)
  }, [draft, send])

  useEffect(() => {
    const leave = () => void send(true)
    window.addEventListener('pagehide', leave)
    if (readDraft(name)) void send()
    return () => { window.removeEventListener('pagehide', leave); leave() }
  }, [name, send])

  return {
    text, change, save, box, restored: local !== undefined && local !== task.draft,
    focus: () => box.current?.focus({ cursor: 'end' }),
    drop: () => { dropped.current = true; window.clearTimeout(timer.current); draft.drop() },
  }
}

/** Notes is the text box with the word about its saving. */
export function Notes({ notes }: { notes: ReturnType<typeof useNotes> }) {
  const t = useText(worklist)
  const { save } = notes
  const word = save.state === 'saving' ? t.draft.saving : save.state === 'local' ? t.draft.local : save.state === 'waiting' ? t.draft.waiting : save.at ? t.draft.saved(save.at) : notes.restored ? t.draft.restored : ''
  return (
    <>
      <Input.TextArea ref={notes.box} aria-label={t.notes} placeholder={t.notesPlaceholder} value={notes.text} autoSize={{ minRows: 3, maxRows: 10 }} maxLength={4000} onChange={e => notes.change(e.target.value)} onKeyDown={e => { if (e.key === 'Escape' && !e.nativeEvent.isComposing) e.currentTarget.blur() }} />
      <p className={'draft ' + save.state} role="status">{word}</p>
    </>
  )
}
