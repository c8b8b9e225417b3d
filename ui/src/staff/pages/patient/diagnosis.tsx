import { AutoComplete, Input, Modal, Skeleton } from 'antd'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { call, newKey } from '../../../api/call'
import type { Detail } from '../../../api/contract/patient'
import '../../../api/contract/treatment'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { patient as words } from '../../../lib/text/patient'
import { Tag, useFail, useUndo } from '../../../lib/ui'
import { useSettled } from '../part/gauge'
import '../part/form.css'

/** DiagnosisDialog adds a diagnosis and says before saving which plans it will start. */
export function DiagnosisDialog({ patient: p, onClose }: { patient: Detail; onClose: () => void }) {
  const t = useText(words)
  const c = useText(common)
  const undo = useUndo()
  const fail = useFail()
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const sought = useSettled(text.trim())
  const found = useQuery({ queryKey: ['visit', 'disease', sought], enabled: sought !== '', placeholderData: keepPreviousData, queryFn: ({ signal }) => call('POST /api/v1/diseases/pick', { body: { text: sought, limit: 12 }, signal }) })
  const choose = (v: string) => { const d = found.data?.items.find(x => x.code === v); if (d) { setCode(d.code); setName(d.name); setText(d.name) } }
  const [asked, setAsked] = useState({ code: '', name: '' })
  const key = useRef(newKey())
  useEffect(() => { const h = window.setTimeout(() => setAsked({ code: code.trim().toUpperCase(), name: name.trim() }), 250); return () => window.clearTimeout(h) }, [code, name])
  const preview = useQuery({ queryKey: ['patient', p.id, 'diagnosis-preview', asked], enabled: !!asked.code, placeholderData: keepPreviousData, queryFn: ({ signal }) => call('POST /api/v1/patients/{id}/conditions/preview', { path: { id: p.id }, body: asked, signal }) })
  const save = useMutation({
    mutationFn: () => call('POST /api/v1/patients/{id}/conditions', { path: { id: p.id }, body: { code: code.trim().toUpperCase(), name: name.trim() }, idempotencyKey: key.current }),
    onSuccess: () => {
      onClose()
      undo(preview.data?.plans.length ? t.diag.doneWith(preview.data.plans.length) : t.diag.done)
      void client.invalidateQueries({ queryKey: ['patient', p.id] })
    },
    onError: fail,
  })
  const ready = !!code.trim() && !!name.trim()
  const go = () => { if (ready && !save.isPending) save.mutate() }
  const v = code.trim() ? preview.data : undefined
  return (
    <Modal open title={`${t.diag.title} · ${p.name}`} okText={t.diag.go} cancelText={c.cancel} width={480} confirmLoading={save.isPending} okButtonProps={{ disabled: !ready }} onOk={go} onCancel={onClose}>
      <div className="stack form">
        <label>{t.diag.lookup}<AutoComplete autoFocus aria-label={t.diag.lookup} placeholder={t.diag.codeHint} value={text} maxLength={60} onChange={v => setText(v ?? '')} onSelect={choose} showSearch={{ filterOption: false }}
          options={found.data?.items.map(d => ({ value: d.code, label: <span className="pick-row"><b>{d.name}</b> <small className="sub">{d.code}{d.own && ` · ${t.diag.own}`}</small></span> }))} /></label>
        <label>{t.diag.code}<Input maxLength={20} value={code} onChange={e => setCode(e.target.value)} /></label>
        <label>{t.diag.name}<Input placeholder={t.diag.nameHint} maxLength={100} value={name} onChange={e => setName(e.target.value)} onPressEnter={e => { if (!e.nativeEvent.isComposing) go() }} /></label>
        <div className="will" role="status"><b>{t.diag.preview}</b>
          {!code.trim() ? <p className="sub">{t.diag.waiting}</p> : !v ? <Skeleton active title={false} paragraph={{ rows: 1 }} /> : <>
            {v.groups.length > 0 && <p>{t.diag.groups}{v.groups.map(g => <Tag key={g.id}>{g.name}</Tag>)}</p>}
            {v.plans.length > 0 ? <p>{t.diag.plans}{v.plans.map(x => <Tag key={x.template_id}>{x.name} · {t.diag.steps(x.steps)}</Tag>)}</p> : <p className="sub">{t.diag.whyNone}</p>}
            {v.running.length > 0 && <p className="sub">{t.diag.inPlan}{v.running.map(x => <Tag key={x.template_id}>{x.name}</Tag>)}</p>}
          </>}
        </div>
      </div>
    </Modal>
  )
}
