import { Button, Checkbox, Popover, Select, Skeleton, Table, type TableColumnType } from 'antd'
import { ColumnHeightOutlined, DoubleLeftOutlined, LeftOutlined, RightOutlined, SettingOutlined } from '@ant-design/icons'
import { useCallback, useEffect, useMemo, useRef, useState, type Key as RowKey, type ReactNode } from 'react'
import { count, totalOf } from '../format'
import { useText } from '../i18n'
import { useKeys } from '../keys'
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
}

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

function remembered<V>(key: string, fallback: V): V {
  try { return (JSON.parse(localStorage.getItem(key) ?? 'null') as V | null) ?? fallback } catch { return fallback }
}

/** useTablePrefs remembers the hidden columns and the density of one table. */
function useTablePrefs<T>(id: string, columns: Column<T>[]) {
  const at = 'renxin.table.' + id
  const [hidden, setHidden] = useState<string[]>(() => remembered(at, columns.filter(c => c.hidden).map(c => c.key)))
  const [dense, setDense] = useState(() => remembered('renxin.dense', true))
  return {
    hidden, dense,
    toggle: (key: string, show: boolean) => { const n = show ? hidden.filter(x => x !== key) : [...hidden, key]; setHidden(n); localStorage.setItem(at, JSON.stringify(n)) },
    setDense: (v: boolean) => { setDense(v); localStorage.setItem('renxin.dense', JSON.stringify(v)) },
  }
}

/** DataTable: a dense list with a row cursor (j k x Enter), chosen columns, keyset pages and every state. */
export function DataTable<T extends object>({ id, query, columns, rowKey, onOpen, onCursor, selection, empty, card, rowClass, expand, sizes = [50, 100, 200], whole, defaultSort, label }: Props<T>) {
  const t = useText(common)
  const url = useUrl()
  const prefs = useTablePrefs(id, columns)
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
  useEffect(() => { point(at.current, false) }, [point, selection?.keys, prefs.hidden, narrow])

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

  const shown = useMemo(() => columns.filter(c => c.fixedIn || !prefs.hidden.includes(c.key)).map(c => {
    const { sort: sortable, hidden: _, fixedIn: __, ...rest } = c
    return sortable ? { ...rest, sorter: true, sortOrder: sort === c.key ? 'ascend' as const : sort === '-' + c.key ? 'descend' as const : null } : rest
  }), [columns, prefs.hidden, sort])

  const table = useMemo(() => (
    <Table<T>
      rowKey={rowKey} size={prefs.dense ? 'small' : 'middle'} columns={shown} dataSource={rows ?? []} pagination={false} sticky={{ getContainer: () => document.getElementById('main') ?? document.body }} showSorterTooltip={false} scroll={{ x: 'max-content' }}
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

function TableSkeleton() {
  return <>{Array.from({ length: 12 }, (_, i) => <Skeleton key={i} active title={false} paragraph={{ rows: 1, width: '100%' }} />)}</>
}

function ColumnTools<T>({ columns, prefs }: { columns: Column<T>[]; prefs: ReturnType<typeof useTablePrefs> }) {
  const t = useText(common)
  return (
    <>
      <IconButton icon={<ColumnHeightOutlined />} label={`${t.list.density} · ${prefs.dense ? t.list.compact : t.list.roomy}`} onClick={() => prefs.setDense(!prefs.dense)} />
      <Popover trigger="click" placement="topRight" title={t.list.columns} content={<div className="colpick">{columns.filter(c => c.title).map(c => <Checkbox key={c.key} checked={c.fixedIn || !prefs.hidden.includes(c.key)} disabled={c.fixedIn} onChange={e => prefs.toggle(c.key, e.target.checked)}>{c.title}</Checkbox>)}</div>}>
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
