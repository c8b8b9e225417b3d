import { Button, Popover, Progress, Select } from 'antd'
import { DownloadOutlined, TagOutlined, UserSwitchOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../api/call'
import type { PatientRow } from '../../../api/contract/patient'
import { useText } from '../../../lib/i18n'
import { patients } from '../../../lib/text/patients'
import { BatchBar, useFail, useUndo } from '../../../lib/ui'
import { useColleagues } from '../../lookup'
import { useSession } from '../../session'

type Change = { action: 'tag' | 'untag'; tag: string } | { action: 'assign'; owner_id: string }
const part = 100

/** Bulk does one thing to all selected patients, in parts with progress; everything can be taken back. */
export function Bulk({ rows, ids, tags, onClear, onExport }: { rows: PatientRow[]; ids: string[]; tags: string[]; onClear: () => void; onExport?: () => void }) {
  const t = useText(patients)
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const { may } = useSession()
  const [open, setOpen] = useState('')
  const [at, setAt] = useState<number>()
  const colleagues = useColleagues(open === 'assign')
  const fresh = () => client.invalidateQueries({ queryKey: ['patient'] })
  const run = async (list: string[], change: Change) => {
    let done = 0
    for (let i = 0; i < list.length; i += part) {
      done += (await call('POST /api/v1/patients/bulk', { body: { ids: list.slice(i, i + part), ...change } })).done
      setAt(Math.min(list.length, i + part) / list.length)
    }
    return done
  }
  const go = async (list: string[], change: Change, say: (n: number) => string, back: () => Promise<unknown>) => {
    setAt(0)
    setOpen('')
    try {
      const done = await run(list, change)
      undo(say(done), () => { setAt(0); return back().then(fresh).catch(fail).finally(() => setAt(undefined)) })
    } catch (e) { fail(e) } finally { setAt(undefined); await fresh() }
  }
  const known = new Map(rows.map(r => [r.id, r]))
  const tag = (action: 'tag' | 'untag', name: string) => {
    // Who had it, or lacked it, before stays so when this is taken back.
    const list = ids.filter(id => { const r = known.get(id); return !r || r.tags.includes(name) === (action === 'untag') })
    void go(list, { action, tag: name }, n => (action === 'tag' ? t.bulk.tagged(n, name) : t.bulk.untagged(n, name)), () => run(list, { action: action === 'tag' ? 'untag' : 'tag', tag: name }))
  }
  const assign = (owner: string) => {
    const before = new Map<string, string[]>()
    for (const id of ids) { const old = known.get(id)?.owner_id ?? ''; if (old !== owner) before.set(old, [...(before.get(old) ?? []), id]) }
    void go([...before.values()].flat(), { action: 'assign', owner_id: owner }, n => t.bulk.assigned(n, colleagues.data?.items.find(x => x.id === owner)?.name ?? ''), async () => { for (const [old, list] of before) await run(list, { action: 'assign', owner_id: old }) })
  }
  const pop = (key: string, content: React.ReactNode, button: React.ReactNode) => <Popover trigger="click" placement="top" open={open === key} onOpenChange={o => setOpen(o ? key : '')} content={content}>{button}</Popover>
  const picker = (action: 'tag' | 'untag') => <Select autoFocus mode={action === 'tag' ? 'tags' : undefined} showSearch className="f-pick" aria-label={t.bulk.pickTag} placeholder={t.bulk.pickTag} value={[]} options={tags.map(x => ({ value: x, label: x }))} onSelect={v => tag(action, String(v))} />
  const busy = at !== undefined
  return (
    <BatchBar n={ids.length} onClear={onClear}>
      {may('patient.patient.update') && pop('tag', picker('tag'), <Button size="small" disabled={busy} icon={<TagOutlined />}>{t.bulk.tag}</Button>)}
      {may('patient.patient.update') && pop('untag', picker('untag'), <Button size="small" disabled={busy} icon={<TagOutlined />}>{t.bulk.untag}</Button>)}
      {may('patient.patient.assign') && pop('assign', <Select autoFocus showSearch={{ optionFilterProp: 'label' }} className="f-pick" aria-label={t.bulk.pickOwner} placeholder={t.bulk.pickOwner} loading={colleagues.isPending} options={colleagues.data?.items.map(x => ({ value: x.id, label: x.name }))} onSelect={v => assign(String(v))} />, <Button size="small" disabled={busy} icon={<UserSwitchOutlined />}>{t.bulk.assign}</Button>)}
      {onExport && <Button size="small" disabled={busy} icon={<DownloadOutlined />} onClick={onExport}>{t.export}</Button>}
      {busy && ids.length > part && <Progress className="bulk-bar" size="small" percent={Math.round(at * 100)} aria-label={t.bulk.working} />}
    </BatchBar>
  )
}
