import { Alert, Button, Modal } from 'antd'
import { useBlocker } from '@tanstack/react-router'
import { relTime } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { part } from '../../../lib/text/part'

/** Guard asks before unsaved work is left behind; the draft itself stays on the machine. */
export function Guard({ when }: { when: boolean }) {
  const t = useText(part)
  const block = useBlocker({ shouldBlockFn: ({ current, next }) => when && current.pathname !== next.pathname, enableBeforeUnload: when, withResolver: true })
  return (
    <Modal open={block.status === 'blocked'} title={t.guard} width={420} okText={t.leave} cancelText={t.stay} onOk={() => block.proceed?.()} onCancel={() => block.reset?.()}>
      <p>{t.guardHint}</p>
    </Modal>
  )
}

/** Restored says that unsaved work came back, with the way to drop it. */
export function Restored({ at, onDrop }: { at: number; onDrop: () => void }) {
  const t = useText(part)
  return <Alert className="restored" type="info" showIcon title={t.restored(relTime(at))} action={<Button size="small" onClick={onDrop}>{t.discard}</Button>} />
}
