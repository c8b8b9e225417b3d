import { Button, Input, InputNumber, Popover, Select, Switch } from 'antd'
import { ContactsOutlined, DownloadOutlined, FilterOutlined, LayoutOutlined, MergeCellsOutlined, PlusOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { call } from '../../api/call'
import '../../api/contract/lookup'
import '../../api/contract/patient'
import '../../api/contract/segment'
import type { PatientRow } from '../../api/contract/patient'
import { ageOf } from '../../lib/format'
import { useLanguage, useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { patients } from '../../lib/text/patients'
import { profile } from '../../lib/text/profile'
import { review } from '../../lib/text/review'
import { segment as segmentWords } from '../../lib/text/segment'
import { readPref, usePref } from '../../lib/prefs'
import { parse, stringify, useUrl, type Search } from '../../lib/url'
import { DataTable, Due, FilterBar, IconButton, PageHeader, SavedViews, SearchBox, State, Tag, Total, useFail, useNarrow, useUndo, When, type Column, type Layout } from '../../lib/ui'
import { fieldLabel, found, showValues, useDictionary, useFields } from '../custom'
import { useColleagues } from '../lookup'
import { useSession } from '../session'
import { Name, Why } from './part/why'
import { structure } from '../../lib/text/structure'
import { Bulk } from './patients/bulk'
import { Transfer } from './patients/transfer'
import { FieldCell, OwnerCell, TagsCell } from './patients/cell'
import { ExportDialog } from './patients/export'
import { FieldFilters } from './patients/fields'
import { Preview } from './patients/preview'
import { filterKeys, filterOf, useSearchText } from './patients/state'
import './patients.css'

/** Patients is the list of people: saved views, filters, selection, preview. */
export default function Patients() {
  const t = useText(patients)
  const c = useText(common)
  const dup = useText(review)
  const regional = useText(profile)
  const sg = useText(segmentWords)
  const lang = useLanguage()
  const sources = useDictionary('source')
  const custom = useFields()
  const url = useUrl()
  const navigate = useNavigate()
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const narrow = useNarrow()
  const { session, may } = useSession()
  const [text, setText] = useSearchText(url)
  const [selected, setSelected] = useState<string[]>([])
  const [row, setRow] = useState<PatientRow | undefined>()
  const [preview, setPreview] = usePref('preview', window.innerWidth >= 1680)
  const [exporting, setExporting] = useState<'all' | 'chosen'>()

  const filter = filterOf(url.search, session.id)
  const sort = url.one('sort') ?? '-seen_at'
  const st = useText(structure)
  const [transferring, setTransferring] = useState(false)
  const body = { text: text || undefined, filter, sort: text && !url.one('sort') ? undefined : sort, limit: Number(url.one('limit') ?? 50), cursor: url.one('cursor') }
  const q = useQuery({ queryKey: ['patient', 'list', body], placeholderData: keepPreviousData, queryFn: ({ signal }) => call('POST /api/v1/patients/search', { body, signal }) })
  const departments = useQuery({ queryKey: ['staff', 'departments'], staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/departments', { signal }) })
  const tags = useQuery({ queryKey: ['patient', 'tags'], staleTime: 60_000, queryFn: ({ signal }) => call('GET /api/v1/tags', { signal }) })
  const segments = useQuery({ queryKey: ['segment', 'list', 'active'], enabled: may('segment.segment.read'), staleTime: 60_000, queryFn: ({ signal }) => call('GET /api/v1/segments', { signal }) })
  const groups = useQuery({ queryKey: ['visit', 'groups'], staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/condition-groups', { signal }) })
  const stored = useQuery({ queryKey: ['view', 'patients'], staleTime: 60_000, queryFn: ({ signal }) => call('GET /api/v1/views', { query: { page: 'patients' }, signal }) })
  const colleagues = useColleagues()

  const open = useCallback((p: { id: string }) => void navigate({ to: '/patients/$id', params: { id: p.id } }), [navigate])
  const toggle = () => setPreview(!preview)
  useKeys(t.group, [
    { key: 'v', label: t.preview.toggle, run: toggle },
    ...(may('patient.patient.create') ? [{ key: 'n', label: t.add, run: () => void navigate({ to: '/patients/new' }) }] : []),
  ])

  const edits = may('patient.patient.update')
  const assigns = may('patient.patient.assign')
  const fields = useMemo(() => custom.data?.items ?? [], [custom.data])
  const known = useMemo(() => tags.data?.items ?? [], [tags.data])
  const people = useMemo(() => new Map((colleagues.data?.items ?? []).map(x => [x.id, x.name])), [colleagues.data])
  const columns = useMemo<Column<PatientRow>[]>(() => [
    { key: 'name', title: t.col.name, width: 150, fixed: 'left', fixedIn: true, sort: true, render: (_, p) => <Link to="/patients/$id" params={{ id: p.id }} className="pname"><b><Name name={p.name} matches={p.why} /></b><small>{c.sexOf[p.sex] ?? ''} {ageOf(p.birth_date)}</small><Why matches={p.why} /></Link> },
    { key: 'phone', title: t.col.phone, width: 118, dataIndex: 'phone' },
    { key: 'diagnosis', title: t.col.diagnosis, width: 150, ellipsis: true, dataIndex: 'diagnosis' },
    { key: 'next', title: t.col.next, width: 200, ellipsis: true, render: (_, p) => (p.next_task_at ? <><Due date={p.next_task_at} /> <span className="sub">{p.next_task_title}</span></> : <span className="sub">—</span>) },
    { key: 'seen_at', title: t.col.seen, width: 104, sort: true, render: (_, p) => <When at={p.seen_at} /> },
    { key: 'department', title: t.col.department, width: 140, ellipsis: true, render: (_, p) => <>{p.department}{p.doctor && <span className="sub"> · {p.doctor}</span>}</> },
    { key: 'tags', title: t.col.tags, width: 150, render: (_, p) => { const shown = <>{p.tags.slice(0, 3).map(x => <Tag key={x}>{x}</Tag>)}{p.tags.length > 3 && <span className="sub">+{p.tags.length - 3}</span>}</>; return edits ? <TagsCell row={p} shown={shown} tags={known} /> : shown } },
    { key: 'owner', title: t.col.owner, width: 104, render: (_, p) => (assigns ? <OwnerCell row={p} /> : p.owner_name) },
    { key: 'source', title: t.col.source, width: 110, hidden: true, render: (_, p) => sources.label(p.source) },
    ...fields.map((f): Column<PatientRow> => {
      const label = fieldLabel(f, lang)
      const say = (p: PatientRow) => showValues(f, p.fields.find(x => x.field_id === f.id)?.values, lang, c, id => people.get(id) ?? id)
      return { key: 'field:' + f.key, title: label, width: 130, ellipsis: true, hidden: true, render: (_, p) => (edits ? <FieldCell row={p} field={f} label={label} shown={say(p)} /> : say(p)) }
    }),
  ], [t, c, lang, sources, fields, edits, assigns, known, people])

  const views = [
    { key: 'all', label: t.views.all, search: {} },
    { key: 'mine', label: t.views.mine, search: { owner: 'me' } },
    { key: 'week', label: t.views.week, search: { seen_days: '7' } },
    ...(stored.data?.items ?? []).map(v => ({ key: v.id, label: v.name, search: parse(v.query) as Search, own: v.mine })),
  ]
  const used = filterKeys.filter(k => url.one(k) && !(k === 'owner' && url.one('view') === 'mine') && !(k === 'seen_days' && url.one('view') === 'week'))
  const names: Record<string, string> = { dept: t.filter.department, owner: t.filter.owner, tag: t.filter.tag, seen_from: t.col.seen, seen_to: t.col.seen, seen_days: t.col.seen, sex: t.filter.sex, age_from: t.filter.age, age_to: t.filter.age, source: t.filter.source, group: t.filter.group, cf: t.filter.fields, segment: sg.filter, key: sg.filterKey }
  const hidden = ['seen_from', 'seen_to', 'sex', 'age_from', 'age_to', 'source', 'group', 'key'].filter(k => url.one(k)).length + url.many('cf').length
  const clear = () => url.reset()
  const view = stored.data?.items.find(v => v.id === url.one('view'))
  const layout = useMemo(() => { try { return view?.layout ? { key: 'patients.' + view.id, value: JSON.parse(view.layout) as Layout } : undefined } catch { return undefined } }, [view?.id, view?.layout])
  const arranged = (): Layout => { try { return JSON.parse(readPref('table.' + (layout?.key ?? 'patients')) || 'null') as Layout | null ?? layout?.value ?? {} } catch { return {} } }
  const shownNow = () => { const a = arranged(); const out = a.hidden ?? columns.filter(x => x.hidden).map(x => x.key); const order = a.order ?? []; return columns.map(x => x.key).filter(k => k === 'name' || !out.includes(k)).sort((x, y) => (order.indexOf(x) + 1 || 99) - (order.indexOf(y) + 1 || 99)) }
  const options = (list?: { id: string; name: string }[]) => list?.map(x => ({ value: x.id, label: x.name }))
  const date = (k: string, label: string) => <Input type="date" className="f-date" aria-label={label} value={url.one(k) ?? ''} onChange={e => url.set({ [k]: e.target.value || undefined, seen_days: undefined })} />
  const number = (k: string, label: string) => <InputNumber<number> aria-label={label} placeholder={label} min={0} max={150} value={url.one(k) ? Number(url.one(k)) : undefined} onChange={v => url.set({ [k]: v ?? undefined })} />

  return (
    <div className="page">
      <PageHeader title={t.title} count={<Total query={q} words={t.count} />}>
        {!narrow && <Link to="/patients/regions"><Button tabIndex={-1}>{regional.region.title}</Button></Link>}
        {!narrow && may('patient.patient.merge') && <Link to="/patients/review"><Button icon={<MergeCellsOutlined />} tabIndex={-1}>{dup.entry}</Button></Link>}
        {!narrow && may('patient.patient.assign') && (used.length > 0 || !!text) && (q.data?.total?.value ?? 0) > 0 && <Button onClick={() => setTransferring(true)}>{st.transfer.button}</Button>}
        {!narrow && may('patient.patient.export') && <Button icon={<DownloadOutlined />} onClick={() => setExporting('all')}>{t.export}</Button>}
        {may('patient.patient.create') && <Link to="/patients/new"><Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>{t.add}<kbd>N</kbd></Button></Link>}
      </PageHeader>
      <SavedViews
        views={views}
        onSave={async (name, { find: _, ...search }, shared) => { try { const v = await call('POST /api/v1/views', { body: { page: 'patients', name, shared, query: stringify(search).slice(1), layout: JSON.stringify(arranged()) } }); await client.invalidateQueries({ queryKey: ['view'] }); url.set({ view: v.id }); undo(c.view.created, () => call('DELETE /api/v1/views/{id}', { path: { id: v.id } }).then(() => client.invalidateQueries({ queryKey: ['view'] })).catch(fail)) } catch (e) { fail(e) } }}
        onRemove={v => { void call('DELETE /api/v1/views/{id}', { path: { id: v.key } }).then(() => { url.reset(); void client.invalidateQueries({ queryKey: ['view'] }); undo(c.view.removed, () => call('POST /api/v1/views', { body: { page: 'patients', name: v.label, shared: false, query: stringify(v.search).slice(1) } }).then(() => client.invalidateQueries({ queryKey: ['view'] })).catch(fail)) }).catch(fail) }}
      />
      <FilterBar dirty={used.length > 0 || !!text} onClear={clear} tools={!narrow && <IconButton icon={<LayoutOutlined />} label={`${t.preview.toggle} V`} on={preview} onClick={toggle} />}>
        <SearchBox value={text} onChange={setText} placeholder={t.search} />
        <Select aria-label={t.filter.department} placeholder={t.filter.department} allowClear showSearch={{ optionFilterProp: 'label' }} value={url.one('dept')} onChange={v => url.set({ dept: v })} options={options(departments.data?.items)} className="f-sel" popupMatchSelectWidth={false} />
        <Select aria-label={t.filter.owner} placeholder={t.filter.owner} allowClear showSearch={{ optionFilterProp: 'label' }} value={url.one('owner') === 'me' ? session.id : url.one('owner')} onChange={v => url.set({ owner: v })} options={options(colleagues.data?.items)} className="f-sel" popupMatchSelectWidth={false} />
        <Select aria-label={t.filter.tag} placeholder={t.filter.tag} allowClear showSearch value={url.one('tag')} onChange={v => url.set({ tag: v })} options={tags.data?.items.map(x => ({ value: x, label: x }))} className="f-sel" popupMatchSelectWidth={false} />
        {may('segment.segment.read') && <Select aria-label={sg.filter} placeholder={sg.filter} allowClear showSearch={{ optionFilterProp: 'label' }} value={url.one('segment')} onChange={v => url.set({ segment: v })} options={options(segments.data?.items)} className="f-sel" popupMatchSelectWidth={false} />}
        <Popover trigger="click" placement="bottomLeft" content={
          <div className="f-more">
            <div><span>{t.col.seen}</span><div className="row">{date('seen_from', t.filter.seenFrom)}{date('seen_to', t.filter.seenTo)}</div></div>
            <label>{t.filter.sex}<Select aria-label={t.filter.sex} allowClear value={url.one('sex')} onChange={v => url.set({ sex: v })} options={['female', 'male'].map(x => ({ value: x, label: c.sexOf[x] }))} /></label>
            <div><span>{t.filter.age}</span><div className="row">{number('age_from', t.filter.from)}{number('age_to', t.filter.to)}</div></div>
            {may('segment.segment.read') && <label className="row"><Switch size="small" checked={!!url.one('key')} onChange={v => url.set({ key: v ? '1' : undefined })} />{sg.filterKey}</label>}
            <label>{t.filter.group}<Select aria-label={t.filter.group} allowClear showSearch={{ optionFilterProp: 'label' }} value={url.one('group')} onChange={v => url.set({ group: v })} options={options(groups.data?.items)} /></label>
            <label>{t.filter.source}<Select aria-label={t.filter.source} allowClear value={url.one('source')} onChange={v => url.set({ source: v })} showSearch={{ filterOption: found }} options={sources.options} /></label>
            <FieldFilters all={fields} value={url.many('cf')} onChange={v => url.set({ cf: v })} />
          </div>}>
          <Button icon={<FilterOutlined />}>{t.filter.more}{hidden > 0 && ` · ${hidden}`}</Button>
        </Popover>
      </FilterBar>
      <div className={'list-split' + (preview && !narrow ? ' with' : '')}>
        <div className="list-main">
          <DataTable
            id="patients" label={t.title} query={q} columns={columns} rowKey={p => p.id} layout={layout} onOpen={open} onCursor={setRow} defaultSort="-seen_at" selection={narrow ? undefined : { keys: selected, onChange: setSelected }}
            card={p => <Link to="/patients/$id" params={{ id: p.id }} className="p-card"><span className="pname"><b>{p.name}</b><small>{c.sexOf[p.sex] ?? ''} {ageOf(p.birth_date)} · {p.phone}</small></span><span className="sub">{[p.department, p.diagnosis].filter(Boolean).join(' · ')}</span>{p.next_task_at && <span><Due date={p.next_task_at} /> {p.next_task_title}</span>}</Link>}
            empty={<State icon={<ContactsOutlined />} title={used.length || text ? t.empty.title : t.empty.first} hint={used.length || text ? t.empty.hint(names[used[used.length - 1] ?? ''] ?? '') : t.empty.firstHint} action={used.length || text ? <Button onClick={clear}>{c.clearFilters}</Button> : may('patient.patient.create') && <Link to="/patients/new"><Button type="primary">{t.add}</Button></Link>} />}
          />
          <Bulk rows={q.data?.items ?? []} ids={selected} onClear={() => setSelected([])} tags={known} onExport={may('patient.patient.export') ? () => setExporting('chosen') : undefined} />
        </div>
        {preview && !narrow && <Preview row={row} />}
      </div>
      {transferring && <Transfer text={text || undefined} filter={filter} n={q.data?.total?.value ?? 0} onClose={() => setTransferring(false)} onDone={() => setSelected([])} />}
      {exporting === 'all' && <ExportDialog text={text} filter={filter} sort={sort} total={q.data?.total} shown={shownNow()} onClose={() => setExporting(undefined)} />}
      {exporting === 'chosen' && <ExportDialog text="" filter={{ ids: selected }} sort={sort} total={{ value: selected.length, exact: true }} shown={shownNow()} onClose={() => setExporting(undefined)} />}
    </div>
  )
}
