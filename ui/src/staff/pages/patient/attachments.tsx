import { Button, Dropdown, Input, Modal, Select, Spin } from 'antd'
import { FileExcelOutlined, FileImageOutlined, FilePdfOutlined, FileTextOutlined, FileWordOutlined, MoreOutlined, UploadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ApiError, call, request } from '../../../api/call'
import '../../../api/contract/custom'
import type { Attachment } from '../../../api/contract/custom'
import { bytes } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { attachments as words } from '../../../lib/text/attachments'
import { common } from '../../../lib/text/common'
import { Failure, Panel, useFail, useUndo, When } from '../../../lib/ui'
import { useDictionary } from '../../custom'
import { useSession } from '../../session'
import { save } from '../downloads'
import './attachments.css'

const icon = (media: string) => (media.startsWith('image/') ? <FileImageOutlined /> : media === 'application/pdf' ? <FilePdfOutlined /> : media.includes('word') ? <FileWordOutlined /> : media.includes('sheet') ? <FileExcelOutlined /> : <FileTextOutlined />)
const shows = (a: Attachment) => a.media.startsWith('image/') || a.media === 'application/pdf' || a.media === 'text/plain'

/** Attachments are a patient's files: dropped here, looked at here. */
export function Attachments({ patientId }: { patientId: string }) {
  const t = useText(words)
  const c = useText(common)
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const { may } = useSession()
  const input = useRef<HTMLInputElement>(null)
  const categories = useDictionary('attachment_category')
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState('')
  const [bad, setBad] = useState('')
  const [looked, setLooked] = useState<Attachment>()
  const [edited, setEdited] = useState<Attachment>()
  const key = ['attachment', patientId]
  const q = useQuery({ queryKey: key, enabled: may('attachment.file.read'), queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/attachments', { path: { id: patientId }, signal }) })
  if (!may('attachment.file.read')) return null
  const fresh = () => client.invalidateQueries({ queryKey: key })
  const add = may('attachment.file.create')
  const upload = async (files: FileList | File[]) => {
    setBad('')
    for (const file of Array.from(files)) {
      setBusy(file.name)
      const body = new FormData()
      body.append('file', file)
      try {
        const made = (await (await request('POST', `/api/v1/patients/${patientId}/attachments`, { body })).json()) as Attachment
        undo(t.added(made.title), () => void call('DELETE /api/v1/patients/{id}/attachments/{attachment_id}', { path: { id: patientId, attachment_id: made.id } }).then(fresh).catch(fail))
      } catch (e) {
        if (e instanceof ApiError && e.status < 500) setBad(`${file.name}：${e.fields[0]?.message ?? e.detail}`)
        else fail(e)
      }
    }
    setBusy('')
    if (input.current) input.current.value = ''
    await fresh()
  }
  const content = async (a: Attachment) => (await request('GET', `/api/v1/patients/${patientId}/attachments/${a.id}/content`)).blob()
  const fetchFile = (a: Attachment) => void content(a).then(b => save(b, a.name)).catch(fail)
  const remove = async (a: Attachment) => {
    const path = { id: patientId, attachment_id: a.id }
    try {
      await call('DELETE /api/v1/patients/{id}/attachments/{attachment_id}', { path })
      await fresh()
      undo(t.removed(a.title), () => void call('POST /api/v1/patients/{id}/attachments/{attachment_id}/restore', { path }).then(fresh).catch(fail))
    } catch (e) { fail(e) }
  }
  return (
    <Panel title={t.title} note={q.data?.items.length ? String(q.data.items.length) : undefined} extra={add && <Button size="small" icon={<UploadOutlined />} onClick={() => input.current?.click()}>{t.add}</Button>}>
      <div className={'att' + (over ? ' over' : '')} onDragOver={e => { if (add && e.dataTransfer.types.includes('Files')) { e.preventDefault(); setOver(true) } }} onDragLeave={e => { if (!e.currentTarget.contains(e.relatedTarget as Node)) setOver(false) }} onDrop={e => { e.preventDefault(); setOver(false); if (add) void upload(e.dataTransfer.files) }}>
        {add && <input ref={input} type="file" multiple hidden aria-label={t.add} accept=".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.txt" onChange={e => { if (e.target.files) void upload(e.target.files) }} />}
        {q.error && !q.data && <Failure error={q.error} retry={() => void q.refetch()} />}
        {q.data && <ul>{q.data.items.map(a => (
          <li key={a.id}>
            <span className="att-icon" aria-hidden="true">{icon(a.media)}</span>
            <button className="att-name" title={a.name} onClick={() => (shows(a) ? setLooked(a) : fetchFile(a))}><b>{a.title}</b><small>{[a.category && categories.label(a.category), bytes(a.size), a.by && t.by(a.by)].filter(Boolean).join(' · ')} · <When at={a.created_at} /></small></button>
            <Dropdown trigger={['click']} menu={{ items: [
              ...(shows(a) ? [{ key: 'view', label: t.view, onClick: () => setLooked(a) }] : []),
              { key: 'fetch', label: t.fetch, onClick: () => fetchFile(a) },
              ...(add ? [{ key: 'edit', label: t.rename, onClick: () => setEdited(a) }] : []),
              ...(may('attachment.file.delete') ? [{ key: 'remove', danger: true, label: t.remove, onClick: () => void remove(a) }] : []),
            ] }}><Button type="text" size="small" aria-label={t.actions(a.title)} icon={<MoreOutlined />} /></Dropdown>
          </li>
        ))}</ul>}
        {busy && <p className="sub" aria-live="polite"><Spin size="small" /> {t.uploading(busy)}</p>}
        {bad && <p className="fld-bad" role="alert">{bad}</p>}
        {over ? <p className="att-drop">{t.drop}</p> : q.data?.items.length === 0 && !busy && <p className="sub">{add ? t.hint : t.empty}</p>}
      </div>
      {looked && <Look a={looked} content={content} onClose={() => setLooked(undefined)} onFetch={() => fetchFile(looked)} />}
      {edited && <Edit a={edited} onClose={() => setEdited(undefined)} save={async (title, category) => { await call('PATCH /api/v1/patients/{id}/attachments/{attachment_id}', { path: { id: patientId, attachment_id: edited.id }, body: { title, category } }); await fresh(); undo(t.saved) }} cancel={c.cancel} ok={c.save} />}
    </Panel>
  )
}

/** Look shows a picture, a PDF or a text without leaving the page; nothing in it can run. */
function Look({ a, content, onClose, onFetch }: { a: Attachment; content: (a: Attachment) => Promise<Blob>; onClose: () => void; onFetch: () => void }) {
  const t = useText(words)
  const [src, setSrc] = useState('')
  const [plain, setPlain] = useState<string>()
  const [bad, setBad] = useState(false)
  useEffect(() => {
    let url = ''
    let gone = false
    content(a).then(async b => {
      if (gone) return
      if (a.media === 'text/plain') { setPlain(await b.text()); return }
      url = URL.createObjectURL(new Blob([b], { type: a.media }))
      setSrc(url)
    }).catch(() => setBad(true))
    return () => { gone = true; if (url) URL.revokeObjectURL(url) }
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [a.id])
  return (
    <Modal open title={a.title} width={860} onCancel={onClose} footer={<Button onClick={onFetch}>{t.fetch}</Button>}>
      <div className="att-look">
        {bad ? <p className="sub">{t.broken}</p> : plain !== undefined ? <pre>{plain}</pre> : !src ? <Spin /> : a.media === 'application/pdf' ? <iframe title={a.title} src={src} /> : <img src={src} alt={a.title} onError={() => setBad(true)} />}
      </div>
    </Modal>
  )
}

function Edit({ a, save: put, onClose, cancel, ok }: { a: Attachment; save: (title: string, category: string) => Promise<void>; onClose: () => void; cancel: string; ok: string }) {
  const t = useText(words)
  const fail = useFail()
  const categories = useDictionary('attachment_category')
  const [title, setTitle] = useState(a.title)
  const [category, setCategory] = useState(a.category)
  const go = () => void put(title, category).then(onClose).catch(fail)
  return (
    <Modal open title={t.rename} okText={ok} cancelText={cancel} width={400} okButtonProps={{ disabled: !title.trim() }} onOk={go} onCancel={onClose}>
      <div className="stack">
        <label>{t.name}<Input autoFocus value={title} maxLength={100} onChange={e => setTitle(e.target.value)} onPressEnter={go} /></label>
        <label htmlFor="att-category">{t.category}</label><Select id="att-category" allowClear value={category || undefined} onChange={v => setCategory(v ?? '')} options={categories.options} />
      </div>
    </Modal>
  )
}
