import { Button, Checkbox, InputNumber, Popover, Select, Skeleton, Table, type TableColumnType } from 'antd'
import { ColumnHeightOutlined, DoubleLeftOutlined, DownOutlined, LeftOutlined, RightOutlined, SettingOutlined, UpOutlined } from '@ant-design/icons'
import { useCallback, useEffect, useMemo, useRef, useState, type Key as RowKey, type ReactNode } from 'react'
import { count, totalOf } from '../format'
import { useText } from '../i18n'
import { useKeys } from '../keys'
import { usePref } from '../prefs'
import { common } from '../text/common'
import { useUrl } from '../url'
import { IconButton } from './bits'
import { Empty, Failure } from './states'

/** A column; sort makes its head sort the list by key, hidden leaves it out until somebody wants it. */
export type Column<T> = Omit<TableColumnType<T>, 'key' | 'title' | 'sorter' | 'sortOrder'> & { key: string; title: string; sort?: boolean; hidden?: boolean; fixedIn?: boolean }

/** What DataTable needs of a query (a TanStack useQuery result fits). */
export interface Loaded<T> {
  data?: { items: T[]; next?: string; total?: { value: number; exact: boolean } }
  error: unknown
  isPending: boolean
  isPlaceholderData?: boolean
  refetch: () => unknown
}

interface Props<T> {
  /** Names the table for the remembered columns and density. */
  id: string
  query: Loaded<T>
  columns: Column<T>[]
  rowKey: (row: T) => string
  /** Enter, double click. */
  onOpen?: (row: T) => void
  /** The row under the cursor, for previews and page keys. */
  onCursor?: (row: T | undefined) => void
  selection?: { keys: string[]; onChange: (keys: string[]) => void }
  /** Replaces the empty state; name the filter to drop and the first step. */
  empty?: ReactNode
  /** On narrow screens a row is drawn by this instead of cells. */
  card?: (row: T) => ReactNode
  rowClass?: (row: T) => string
  expand?: (row: T) => ReactNode
  /** Page sizes; the address holds limit and cursor. */
  sizes?: number[]
  /** The list is short and whole: no pager. */
  whole?: boolean
  defaultSort?: string
  label?: string
  /** The layout of a saved view: where it begins, and under which name what one changes of it is kept. */
  layout?: { key: string; value: Layout }
}

/** Layout is what a person arranged of one table: columns left out, their order, their widths. */
export interface Layout { hidden?: string[]; order?: string[]; widths?: Record<string, number> }

const narrowQuery = window.matchMedia('(max-width: 640px)')

/** useNarrow tells whether the page is shown on a phone. */
export function useNarrow() {
  const [narrow, set] = useState(narrowQuery.matches)
  useEffect(() => {
    const f = () => set(narrowQuery.matches)
    narrowQuery.addEventListener?.('change', f)
    return () => narrowQuery.removeEventListener?.('change', f)
  }, [])
  return narrow
}

const nothing: Layout = {}

/** useTablePrefs is how a person arranged one table, kept on the server: hidden columns, order, widths, and the density of all tables. */
function useTablePrefs<T>(id: string, columns: Column<T>[], start?: { key: string; value: Layout }) {
  const [kept, setLayout] = usePref<Layout>('table.' + (start?.key ?? id), start?.value ?? nothing)
  const [dense, setDense] = usePref('density', true)
  const hidden = kept.hidden ?? columns.filter(c => c.hidden).map(c => c.key)
  const shown = hidden.join()
  const order = useMemo(() => {
    const known = (kept.order ?? []).filter(k => columns.some(c => c.key === k))
    // A column that came later stands where the page puts it: behind the one before it.
    const out = [...known]
    columns.forEach((c, i) => { if (!out.includes(c.key)) out.splice(i === 0 ? 0 : out.indexOf(columns[i - 1]?.key ?? '') + 1, 0, c.key) })
    return out
  }, [columns, kept.order])
  return {
    hidden, shown, order, dense, widths: kept.widths ?? noWidths, changed: kept !== (start?.value ?? nothing),
    toggle: (key: string, show: boolean) => setLayout({ ...kept, hidden: show ? hidden.filter(x => x !== key) : [...hidden, key] }),
    move: (key: string, by: number) => {
      const list = [...order]
      const from = list.indexOf(key)
      const to = from + by
      if (to < 0 || to >= list.length) return
      list.splice(to, 0, ...list.splice(from, 1))
      setLayout({ ...kept, order: list })
    },
    widen: (key: string, width: number | undefined) => {
      const { [key]: _, ...rest } = kept.widths ?? {}
      setLayout({ ...kept, widths: width ? { ...rest, [key]: Math.round(width) } : rest })
    },
    reset: () => setLayout(undefined),
    setDense: (v: boolean) => setDense(v),
  }
}
const noWidths: Record<string, number> = {}

/** DataTable: a dense list with a row cursor (j k x Enter), chosen columns, keyset pages and every state. */
export function DataTable<T extends object>({ id, query, columns, rowKey, onOpen, onCursor, selection, empty, card, rowClass, expand, sizes = [50, 100, 200], whole, defaultSort, label, layout }: Props<T>) {
  const t = useText(common)
  const url = useUrl()
  const prefs = useTablePrefs(id, columns, layout)
  const narrow = useNarrow()
  const box = useRef<HTMLDivElement>(null)
  const at = useRef(0)
  const rows = query.data?.items
  const sort = url.one('sort') ?? defaultSort

  // The cursor is one class on one row: moving it must not render the table again.
  const point = useCallback((i: number, scroll: boolean) => {
    const list = rows ?? []
    at.current = Math.max(0, Math.min(i, list.length - 1))
    const row = list[at.current]
    box.current?.querySelectorAll('.cursor').forEach(x => x.classList.remove('cursor'))
    const el = row && box.current?.querySelector(`[data-row-key="${CSS.escape(rowKey(row))}"]`)
    el?.classList.add('cursor')
    if (scroll) el?.scrollIntoView({ block: 'nearest' })
    onCursor?.(row)
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rows, onCursor])
  useEffect(() => { point(at.current, false) }, [point, selection?.keys, prefs.shown, narrow])

  // The library repeats the heads, with their boxes, in a hidden row that measures widths; nobody may tab into it.
  useEffect(() => {
    const el = box.current
    if (!el) return
    const hide = () => el.querySelectorAll('.ant-table-measure-row :is(input, button, a, [tabindex="0"])').forEach(x => x.setAttribute('tabindex', '-1'))
    const watch = new MutationObserver(hide)
    watch.observe(el, { childList: true, subtree: true })
    hide()
    return () => watch.disconnect()
  }, [query.isPending, narrow])

  const toggle = (key: string) => { if (selection) selection.onChange(selection.keys.includes(key) ? selection.keys.filter(x => x !== key) : [...selection.keys, key]) }
  const here = () => rows?.[at.current]
  useKeys(t.keys.list, [
    { key: 'j', show: 'j k', label: t.keys.move, run: () => point(at.current + 1, true) },
    { key: 'k', run: () => point(at.current - 1, true) },
    { key: 'ArrowDown', run: () => point(at.current + 1, true) },
    { key: 'ArrowUp', run: () => point(at.current - 1, true) },
    ...(selection ? [{ key: 'x', label: t.keys.select, run: () => { const r = here(); if (r) toggle(rowKey(r)) } }] : []),
    ...(onOpen ? [{ key: 'Enter', label: t.keys.open, run: () => { const r = here(); if (r) onOpen(r) } }] : []),
  ])

  const widen = useRef(prefs.widen)
  widen.current = prefs.widen
  const shown = useMemo(() => {
    const out = prefs.shown.split(',')
    return prefs.order.map(k => columns.find(c => c.key === k)).filter(c => c !== undefined).filter(c => c.fixedIn || !out.includes(c.key)).map(c => {
      const { sort: sortable, hidden: _, fixedIn: __, ...rest } = c
      const wide = { ...rest, width: prefs.widths[c.key] ?? rest.width, onHeaderCell: () => ({ onWiden: (w: number | undefined) => widen.current(c.key, w) }) as object }
      return sortable ? { ...wide, sorter: true, sortOrder: sort === c.key ? 'ascend' as const : sort === '-' + c.key ? 'descend' as const : null } : wide
    })
  }, [columns, prefs.shown, prefs.order, prefs.widths, sort])

  const table = useMemo(() => (
    <Table<T>
      components={parts} rowKey={rowKey} size={prefs.dense ? 'small' : 'middle'} columns={shown} dataSource={rows ?? []} pagination={false} sticky={{ getContainer: () => document.getElementById('main') ?? document.body }} showSorterTooltip={false} scroll={{ x: 'max-content' }}
      rowSelection={selection && { selectedRowKeys: selection.keys, onChange: (k: RowKey[]) => selection.onChange(k.map(String)), columnWidth: 40, preserveSelectedRowKeys: true, getCheckboxProps: row => ({ 'aria-label': `${t.list.select} ${rowKey(row)}` }) as object }}
      onRow={(row, i) => ({ onClick: () => point(i ?? 0, false), onDoubleClick: onOpen && (() => onOpen(row)) })}
      rowClassName={rowClass}
      expandable={expand && { expandedRowRender: expand }}
      onChange={(_p, _f, s) => { const one = Array.isArray(s) ? s[0] : s; url.set({ sort: one?.order ? (one.order === 'descend' ? '-' : '') + String(one.columnKey) : undefined }) }}
      locale={{ emptyText: empty ?? <Empty /> }}
    />
    // eslint-disable-next-line react-hooks/exhaustive-deps
  ), [rows, shown, prefs.dense, selection?.keys, point, t, empty, expand])

  if (query.error && !query.data) return <div className="tablebox"><Failure error={query.error} retry={() => void query.refetch()} /></div>
  if (query.isPending) return <div className="tablebox loading" aria-busy="true"><TableSkeleton /></div>
  return (
    <div className="tablewrap" aria-label={label} role="region">
      <div ref={box} className={'tablebox' + (query.isPlaceholderData ? ' stale' : '')}>
        {narrow && card
          ? rows?.length ? <ul className="cards">{rows.map((r, i) => <li key={rowKey(r)} data-row-key={rowKey(r)} className={rowClass?.(r)} onClick={() => point(i, false)}>{card(r)}</li>)}</ul> : empty ?? <Empty />
          : table}
      </div>
      {!whole && <Pager query={query} sizes={sizes}>{!(narrow && card) && <ColumnTools columns={columns} prefs={prefs} />}</Pager>}
      {whole && !(narrow && card) && columns.length > 4 && <div className="pager"><div className="grow" /><ColumnTools columns={columns} prefs={prefs} /></div>}
    </div>
  )
}

/** Head is a column's head whose right edge widens the column; a double click gives the width back. */
function Head({ onWiden, children, ...rest }: React.ThHTMLAttributes<HTMLTableCellElement> & { onWiden?: (w: number | undefined) => void }) {
  const cell = useRef<HTMLTableCellElement>(null)
  if (!onWiden) return <th {...rest}>{children}</th>
  const start = (e: React.PointerEvent<HTMLSpanElement>) => {
    e.preventDefault()
    e.stopPropagation()
    const grip = e.currentTarget
    const from = e.clientX
    const width = cell.current?.offsetWidth ?? 100
    grip.setPointerCapture(e.pointerId)
    grip.classList.add('on')
    const move = (m: PointerEvent) => { grip.style.transform = `translateX(${Math.max(m.clientX - from, 60 - width)}px)` }
    const end = (m: PointerEvent) => {
      grip.removeEventListener('pointermove', move)
      grip.classList.remove('on')
      grip.style.transform = ''
      if (Math.abs(m.clientX - from) > 3) onWiden(Math.min(600, Math.max(60, width + m.clientX - from)))
    }
    grip.addEventListener('pointermove', move)
    grip.addEventListener('pointerup', end, { once: true })
  }
  return <th {...rest} ref={cell}>{children}<span className="col-grip" aria-hidden="true" onPointerDown={start} onClick={e => e.stopPropagation()} onDoubleClick={e => { e.stopPropagation(); onWiden(undefined) }} /></th>
}
const parts = { header: { cell: Head } }

function TableSkeleton() {
  return <>{Array.from({ length: 12 }, (_, i) => <Skeleton key={i} active title={false} paragraph={{ rows: 1, width: '100%' }} />)}</>
}

function ColumnTools<T>({ columns, prefs }: { columns: Column<T>[]; prefs: ReturnType<typeof useTablePrefs> }) {
  const t = useText(common)
  return (
    <>
      <IconButton icon={<ColumnHeightOutlined />} label={`${t.list.density} · ${prefs.dense ? t.list.compact : t.list.roomy}`} onClick={() => prefs.setDense(!prefs.dense)} />
      <Popover trigger="click" placement="topRight" title={t.list.columns} content={
        <div className="colpick">
          <ul>{prefs.order.map(k => columns.find(c => c.key === k)).filter(c => c?.title).map((c, i, all) => c && (
            <li key={c.key}>
              <Checkbox checked={c.fixedIn || !prefs.hidden.includes(c.key)} disabled={c.fixedIn} onChange={e => prefs.toggle(c.key, e.target.checked)}>{c.title}</Checkbox>
              <span className="grow" />
              <IconButton icon={<UpOutlined />} label={t.list.earlier(c.title)} disabled={i === 0} onClick={() => prefs.move(c.key, -1)} />
              <IconButton icon={<DownOutlined />} label={t.list.later(c.title)} disabled={i === all.length - 1} onClick={() => prefs.move(c.key, 1)} />
              <InputNumber<number> size="small" className="colpick-w" aria-label={t.list.width(c.title)} placeholder={String(typeof c.width === 'number' ? c.width : '')} value={prefs.widths[c.key]} min={60} max={600} step={10} onChange={w => prefs.widen(c.key, w ?? undefined)} />
            </li>
          ))}</ul>
          <Button size="small" type="link" disabled={!prefs.changed} onClick={prefs.reset}>{t.list.asBefore}</Button>
        </div>}>
        <Button type="text" aria-label={t.list.columns} icon={<SettingOutlined />} />
      </Popover>
    </>
  )
}

// The cursors of the pages behind the present one, by address without its cursor.
const behind = new Map<string, string[]>()

/** Pager turns keyset pages: the server gives only the cursor of the next one, so the way back is remembered here. */
function Pager<T>({ query, sizes, children }: { query: Loaded<T>; sizes: number[]; children?: ReactNode }) {
  const t = useText(common)
  const url = useUrl()
  const after = url.one('cursor')
  const limit = Number(url.one('limit') ?? sizes[0])
  const { cursor: _, ...rest } = url.search
  const list = location.pathname + JSON.stringify(rest)
  const stack = behind.get(list) ?? []
  const depth = after ? Math.max(stack.length, 1) : 0
  const items = query.data?.items.length ?? 0
  const next = query.data?.next
  const goNext = () => { if (!next) return; behind.set(list, after ? [...stack, after] : ['']); url.set({ cursor: next }, { push: true }) }
  const goPrev = () => { if (!after) return; const back = stack[stack.length - 1]; behind.set(list, stack.slice(0, -1)); url.set({ cursor: back || undefined }) }
  useKeys(t.keys.list, [{ key: ']', show: '[ ]', label: t.keys.prevNext, run: goNext }, { key: '[', run: goPrev }])
  const from = depth * limit
  return (
    <div className="pager">
      <span className="sub">{items > 0 && <>{t.list.shown(from + 1, from + items)} {query.data?.total && t.list.of(totalOf(query.data.total))}</>}</span>
      <div className="grow" />
      {children}
      <Select size="small" aria-label={t.list.perPage(limit)} value={limit} onChange={v => url.set({ limit: v === sizes[0] ? undefined : v })} options={sizes.map(n => ({ value: n, label: t.list.perPage(n) }))} popupMatchSelectWidth={false} />
      <IconButton icon={<DoubleLeftOutlined />} label={t.list.first} disabled={!after} onClick={() => { behind.delete(list); url.set({ cursor: undefined }) }} />
      <IconButton icon={<LeftOutlined />} label={t.list.prev} disabled={!after} onClick={goPrev} />
      <IconButton icon={<RightOutlined />} label={t.list.next} disabled={!next} onClick={goNext} />
    </div>
  )
}

/** BatchBar lies under the list after a selection, so that it never covers the pager. */
export function BatchBar({ n, onClear, children }: { n: number; onClear: () => void; children: ReactNode }) {
  const t = useText(common)
  if (n === 0) return null
  return (
    <div className="batch" role="toolbar" aria-label={t.list.batch}>
      <b aria-live="polite">{t.list.selected(n)}</b>
      {children}
      <div className="grow" />
      <Button size="small" type="text" onClick={onClear}>{t.list.unselect}</Button>
    </div>
  )
}

/** Total writes a list's count beside its title. */
export const Total = ({ query, words }: { query: Loaded<unknown>; words: (n: string) => string }) => <>{query.data?.total ? words(totalOf(query.data.total)) : query.data ? words(count(query.data.items.length)) : ''}</>
