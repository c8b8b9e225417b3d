import { Modal } from 'antd'
import { useText } from '../i18n'
import { useKeyList } from '../keys'
import { common } from '../text/common'
import { Kbd } from './bits'

/** KeyHelp lists the keys that work now: those of the page first. */
export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useText(common)
  const groups = useKeyList()
  const merged = new Map<string, { k: string; label: string }[]>()
  for (const g of [...groups].reverse()) {
    const list = merged.get(g.title) ?? []
    for (const k of g.keys) if (k.label && !list.some(x => x.label === k.label)) list.push({ k: k.show ?? k.key, label: k.label })
    merged.set(g.title, list)
  }
  return (
    <Modal open={open} title={t.keys.title} footer={null} onCancel={onClose} width={620}>
      <div className="keyhelp">
        {[...merged].map(([title, keys]) => (
          <section key={title}><h3>{title}</h3><dl>{keys.map(k => <div key={k.label}><dt>{k.k.split(' ').map((x, i) => <Kbd key={i} k={x} />)}</dt><dd>{k.label}</dd></div>)}</dl></section>
        ))}
      </div>
    </Modal>
  )
}
