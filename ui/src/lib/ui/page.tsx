import { Button, Checkbox, Dropdown, Input, Modal, Tooltip, type InputRef } from 'antd'
import { ArrowLeftOutlined, CloseOutlined, MoreOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useText } from '../i18n'
import { useKeys } from '../keys'
import { common } from '../text/common'
import { tidy, useUrl, type Search } from '../url'

/** PageHeader: the page's name, its count, its actions. One primary action at most. */
export function PageHeader({ title, count, back, children }: { title: ReactNode; count?: ReactNode; back?: { to: string; label: string }; children?: ReactNode }) {
  useEffect(() => { if (typeof title === 'string') document.title = title }, [title])
  return (
    <div className="page-head">
      {back && <Tooltip title={back.label}><Link to={back.to} className="page-back" aria-label={back.label}><ArrowLeftOutlined /></Link></Tooltip>}
      <h1>{title}</h1>
      <span className="count" aria-live="polite">{count}</span>
      <div className="grow" />
      <div className="page-acts">{children}</div>
    </div>
  )
}

/** A view is a name for an address: its search is the whole state of the list. */
export interface View { key: string; label: string; search: Search; count?: ReactNode; own?: boolean; hot?: boolean }

interface ViewsProps {
  views: View[]
  /** Given, the bar offers "save as view" with what stands in the address now. */
  onSave?: (name: string, search: Search, shared: boolean) => Promise<unknown> | void
  onRemove?: (view: View) => void
}

/** SavedViews are the tabs over a list. The address holds the view, so that a bookmark is a view. */
export function SavedViews({ views, onSave, onRemove }: ViewsProps) {
  const t = useText(common)
  const url = useUrl()
  const [naming, setNaming] = useState(false)
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const current = url.one('view') ?? views[0]?.key
  const step = (by: number) => {
    const at = views.findIndex(v => v.key === current)
    const next = views[(at + by + views.length) % views.length]
    if (next) { url.reset({ ...next.search, view: next.key === views[0]?.key ? undefined : next.key }); document.getElementById('view-' + next.key)?.focus() }
  }
  const save = async () => {
    const { view: _, cursor: __, ...rest } = url.search
    await onSave?.(name.trim(), tidy(rest as Search), shared)
    setNaming(false)
    setName('')
  }
  return (
    <div className="viewbar">
      <div className="views" role="tablist" aria-label={t.view.label}>
        {views.map(v => (
          <button key={v.key} id={'view-' + v.key} role="tab" tabIndex={v.key === current ? 0 : -1} aria-selected={v.key === current}
            onClick={() => url.reset({ ...v.search, view: v.key === views[0]?.key ? undefined : v.key })}
            onKeyDown={e => { if (e.key === 'ArrowRight') step(1); else if (e.key === 'ArrowLeft') step(-1) }}>
            {v.label}{v.count !== undefined && <em className={v.hot ? 'hot' : undefined}>{v.count}</em>}
          </button>
        ))}
      </div>
      {onRemove && views.find(v => v.key === current)?.own && (
        <Dropdown trigger={['click']} menu={{ items: [{ key: 'remove', danger: true, label: t.view.remove, onClick: () => { const v = views.find(x => x.key === current); if (v) onRemove(v) } }] }}>
          <Button type="text" size="small" aria-label={t.more} icon={<MoreOutlined />} />
        </Dropdown>
      )}
      {onSave && <button className="view-add" onClick={() => setNaming(true)}><PlusOutlined /> {t.view.save}</button>}
      <Modal open={naming} title={t.view.save} okText={t.save} cancelText={t.cancel} width={400} okButtonProps={{ disabled: !name.trim() }} onOk={save} onCancel={() => setNaming(false)}>
        <Input autoFocus aria-label={t.view.name} placeholder={t.view.name} maxLength={40} value={name} onChange={e => setName(e.target.value)} onPressEnter={() => { if (name.trim()) void save() }} />
        <Checkbox className="gap-top" checked={shared} onChange={e => setShared(e.target.checked)}>{t.view.shared}</Checkbox>
      </Modal>
    </div>
  )
}

/** SearchBox searches while typing, after a short rest and never during input-method composition. `/` focuses it. */
export function SearchBox({ value, onChange, placeholder }: { value?: string; onChange: (v: string | undefined) => void; placeholder: string }) {
  const t = useText(common)
  const box = useRef<InputRef>(null)
  const [text, setText] = useState(value ?? '')
  const [seen, setSeen] = useState(value)
  const timer = useRef(0)
  const composing = useRef(false)
  if (seen !== value) { setSeen(value); if ((value ?? '') !== text.trim()) setText(value ?? '') }
  const send = (v: string) => { window.clearTimeout(timer.current); timer.current = window.setTimeout(() => onChange(v.trim() || undefined), 180) }
  useEffect(() => () => window.clearTimeout(timer.current), [])
  useKeys(t.keys.list, [{ key: '/', label: t.keys.find, run: () => box.current?.focus({ cursor: 'all' }) }])
  return (
    <Input
      ref={box} className="kw" allowClear prefix={<SearchOutlined />} suffix={<kbd>/</kbd>} placeholder={placeholder} aria-label={placeholder} value={text}
      onChange={e => { setText(e.target.value); if (!composing.current) send(e.target.value) }}
      onCompositionStart={() => { composing.current = true }}
      onCompositionEnd={e => { composing.current = false; send(e.currentTarget.value) }}
      onKeyDown={e => { if (e.key === 'Escape') e.currentTarget.blur(); if (e.key === 'Enter' && !e.nativeEvent.isComposing) { window.clearTimeout(timer.current); onChange(text.trim() || undefined); e.currentTarget.blur() } }}
    />
  )
}

/** FilterBar holds the filters; dirty shows the way back to none. */
export function FilterBar({ children, dirty, onClear, tools }: { children: ReactNode; dirty?: boolean; onClear?: () => void; tools?: ReactNode }) {
  const t = useText(common)
  return (
    <div className="filters" role="search">
      {children}
      {dirty && <Button type="link" icon={<CloseOutlined />} onClick={onClear}>{t.clearFilters}</Button>}
      <div className="grow" />
      {tools}
    </div>
  )
}
