import { Alert, Button, Input, Switch } from 'antd'
import { ContactsOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { ApiError, call } from '../../api/call'
import '../../api/contract/segment'
import type { Offer, Segment, SegmentTree } from '../../api/contract/segment'
import { useDraft } from '../../lib/draft'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { segment } from '../../lib/text/segment'
import { Failure, PageHeader, PageSkeleton, Panel, StatusTag, useFail, useUndo } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { Field } from './followup-template/step'
import { Guard, Restored } from './part/guard'
import { Aside } from './segment/aside'
import { Group } from './segment/group'
import { Live } from './segment/live'
import { close, open } from './segment/model'
import './part/form.css'
import './segment.css'

/** The builder of one segment or of a rule for key patients; "new" is not stored yet. */
export default function SegmentPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const url = useUrl()
  const offers = useQuery({ queryKey: ['segment', 'dimensions'], staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/segments/dimensions', { signal }) })
  const q = useQuery({ queryKey: ['segment', 'one', id], enabled: id !== 'new', staleTime: Infinity, queryFn: ({ signal }) => call('GET /api/v1/segments/{id}', { path: { id }, signal }) })
  const error = q.error ?? offers.error
  if (error && (!offers.data || (id !== 'new' && !q.data))) return <div className="page"><Failure error={error} retry={() => { void q.refetch(); void offers.refetch() }} /></div>
  if (!offers.data || (id !== 'new' && !q.data)) return <PageSkeleton />
  const kind = q.data?.kind ?? (url.one('kind') === 'key' ? 'key' : 'segment')
  return <Editor key={id + (q.data?.version ?? 0)} id={id} kind={kind} row={q.data} offers={kind === 'key' ? offers.data.items.filter(o => o.care && o.name !== 'segment') : offers.data.items} />
}

interface Words { name: string; description: string; shared: boolean; tracked: boolean; tree: SegmentTree }

function Editor({ id, kind, row, offers }: { id: string; kind: string; row?: Segment; offers: Offer[] }) {
  const t = useText(segment)
  const c = useText(common)
  const navigate = useNavigate()
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const { may } = useSession()
  const key = kind === 'key'
  const locked = key ? !may('segment.key.update') : row ? !(row.mine ? may('segment.segment.update') : may('segment.segment.share')) : !may('segment.segment.update')
  const draft = useDraft<Words>(`segment.${kind}.${id}`)
  const stored = useMemo<Words>(() => ({ name: row?.name ?? '', description: row?.description ?? '', shared: row?.shared ?? false, tracked: row?.tracked ?? false, tree: row?.tree ?? { v: 1, root: { op: 'and', nodes: [] } } }), [row])
  const begun = (!locked && draft.restored?.value) || stored
  const [words, setWords] = useState<Omit<Words, 'tree'>>(begun)
  const [root, setRoot] = useState(() => open(begun.tree))
  const [restored, setRestored] = useState(begun !== stored)
  const [dirty, setDirty] = useState(begun !== stored)
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<ApiError>()
  const [busy, setBusy] = useState(false)

  const put = (next: Partial<Omit<Words, 'tree'>>, tree = root) => {
    const w = { ...words, ...next }
    setWords(w); setRoot(tree); setDirty(true); setFaults({}); setProblem(undefined)
    draft.keep({ ...w, tree: close(tree) })
  }
  const save = async () => {
    if (busy || locked) return
    if (!words.name.trim()) { setFaults({ name: t.nameHint }); return }
    setBusy(true)
    try {
      const body = { kind, name: words.name.trim(), description: words.description.trim(), shared: words.shared, tracked: words.tracked, tree: close(root) }
      const saved = row ? await call('PUT /api/v1/segments/{id}', { path: { id }, body: { ...body, version: row.version } }) : await call('POST /api/v1/segments', { body })
      draft.drop()
      setDirty(false)
      client.setQueryData(['segment', 'one', saved.id], saved)
      void client.invalidateQueries({ queryKey: ['segment'], predicate: x => x.queryKey[1] !== 'one' && x.queryKey[1] !== 'dimensions' })
      undo(key ? t.savedRule : t.saved)
      if (!row) window.setTimeout(() => void navigate({ to: '/segments/$id', params: { id: saved.id }, replace: true }))
    } catch (e) {
      if (e instanceof ApiError && e.fields.length) { setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message]))); setProblem(e) } else fail(e)
    } finally { setBusy(false) }
  }
  const addFirst = () => document.querySelector<HTMLButtonElement>('[data-add="1"]')?.click()
  useKeys(c.keys.page, locked ? [] : [{ key: 'a', label: t.keys.add, run: addFirst }, { key: 'ctrl+s', label: t.keys.save, run: () => void save(), anywhere: true }])

  const title = row ? row.name : key ? t.newRule : t.newTitle
  return (
    <div className="page">
      <Guard when={dirty && !busy} />
      <PageHeader title={title} back={{ to: key ? '/segments?view=key' : '/segments', label: t.title }} count={row?.tracked && (row.error ? <StatusTag tone="bad">{t.stopped}</StatusTag> : row.filled_at ? <StatusTag tone="ok">{t.followed}</StatusTag> : <StatusTag tone="wait">{t.filling}</StatusTag>)}>
        {row && may('patient.patient.read') && <Link to="/patients" search={{ segment: row.id } as never}><Button icon={<ContactsOutlined />} tabIndex={-1}>{t.openList}</Button></Link>}
        {!locked && <Button type="primary" loading={busy} disabled={!dirty && !!row} onClick={() => void save()}>{t.save}<kbd>Ctrl S</kbd></Button>}
      </PageHeader>
      {restored && <Restored at={draft.restored!.at} onDrop={() => { draft.drop(); setWords(stored); setRoot(open(stored.tree)); setRestored(false); setDirty(false) }} />}
      {problem && <Alert className="restored" type="error" showIcon title={problem.detail} description={[...new Set(Object.entries(faults).filter(([k]) => k.startsWith('tree')).map(([, m]) => m))].filter(m => m !== problem.detail).join(' ') || undefined} />}
      <div className="sg-build">
        <div className="stack">
          <Panel>
            <div className="sg-head">
              <Field label={t.name} need fault={faults.name}><Input autoFocus={!row} value={words.name} maxLength={40} disabled={locked} placeholder={key ? t.key.nameHint : t.nameHint} onChange={e => put({ name: e.target.value })} /></Field>
              <Field label={t.description} fault={faults.description}><Input value={words.description} maxLength={400} disabled={locked} placeholder={t.descriptionHint} onChange={e => put({ description: e.target.value })} /></Field>
            </div>
            {key ? <p className="sub">{t.key.hint}</p> : (
              <div className="row sg-switches">
                <label className="sg-switch"><Switch size="small" checked={words.shared} disabled={locked || !may('segment.segment.share')} onChange={shared => put({ shared })} /><span>{t.share} <small className="sub">{t.shareHint}</small></span></label>
                <label className="sg-switch"><Switch size="small" checked={words.tracked} disabled={locked} onChange={tracked => put({ tracked })} /><span>{t.follow} <small className="sub">{t.followHint}</small></span></label>
              </div>
            )}
          </Panel>
          <Group root={root} row={root} offers={offers} locked={locked} onChange={tree => put({}, tree)} />
        </div>
        <div className="sg-side">
          <Live root={root} offers={offers} />
          {row && <Aside row={row} onBring={tree => { put({}, open(tree)); undo(t.brought) }} locked={locked} />}
        </div>
      </div>
    </div>
  )
}
