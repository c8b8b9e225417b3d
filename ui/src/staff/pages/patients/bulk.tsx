import { Button, Popover, Select } from 'antd'
import { TagOutlined, UserSwitchOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../api/call'
import { useText } from '../../../lib/i18n'
import { patients } from '../../../lib/text/patients'
import { BatchBar, useFail, useUndo } from '../../../lib/ui'
import { useColleagues } from '../../lookup'
import { useSession } from '../../session'

/** Bulk does one thing to all selected patients; tagging can be taken back. */
export function Bulk({ ids, tags, onClear }: { ids: string[]; tags: string[]; onClear: () => void }) {
  const t = useText(patients)
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const { may } = useSession()
  const [open, setOpen] = useState('')
  const [busy, setBusy] = useState(false)
  const colleagues = useColleagues(open === 'assign')
  const fresh = () => client.invalidateQueries({ queryKey: ['patient'] })
  const tag = async (action: 'tag' | 'untag', name: string) => {
    setBusy(true)
    try {
      const chosen = [...ids]
      const { done } = await call('POST /api/v1/patients/bulk', { body: { ids: chosen, action, tag: name } })
      undo(action === 'tag' ? t.bulk.tagged(done, name) : t.bulk.untagged(done, name), () => call('POST /api/v1/patients/bulk', { body: { ids: chosen, action: action === 'tag' ? 'untag' : 'tag', tag: name } }).then(fresh).catch(fail))
      setOpen('')
      await fresh()
    } catch (e) { fail(e) } finally { setBusy(false) }
  }
  const assign = async (owner: string) => {
    setBusy(true)
    try {
      const { done } = await call('POST /api/v1/patients/bulk', { body: { ids, action: 'assign', owner_id: owner } })
      undo(t.bulk.assigned(done, colleagues.data?.items.find(x => x.id === owner)?.name ?? ''))
      setOpen('')
      onClear()
      await fresh()
    } catch (e) { fail(e) } finally { setBusy(false) }
  }
  if (!may('patient.patient.update')) return null
  const pop = (key: string, content: React.ReactNode, button: React.ReactNode) => <Popover trigger="click" placement="top" open={open === key} onOpenChange={o => setOpen(o ? key : '')} content={content}>{button}</Popover>
  const picker = (action: 'tag' | 'untag') => <Select autoFocus mode={action === 'tag' ? 'tags' : undefined} showSearch disabled={busy} className="f-pick" aria-label={t.bulk.pickTag} placeholder={t.bulk.pickTag} value={[]} options={tags.map(x => ({ value: x, label: x }))} onSelect={v => void tag(action, String(v))} />
  return (
    <BatchBar n={ids.length} onClear={onClear}>
      {pop('tag', picker('tag'), <Button size="small" icon={<TagOutlined />}>{t.bulk.tag}</Button>)}
      {pop('untag', picker('untag'), <Button size="small" icon={<TagOutlined />}>{t.bulk.untag}</Button>)}
      {may('patient.patient.assign') && pop('assign', <Select autoFocus showSearch={{ optionFilterProp: 'label' }} disabled={busy} className="f-pick" aria-label={t.bulk.pickOwner} placeholder={t.bulk.pickOwner} loading={colleagues.isPending} options={colleagues.data?.items.map(x => ({ value: x.id, label: x.name }))} onSelect={v => void assign(String(v))} />, <Button size="small" icon={<UserSwitchOutlined />}>{t.bulk.assign}</Button>)}
    </BatchBar>
  )
}
