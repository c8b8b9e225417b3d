import { useEffect, useState } from 'react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '../../../api/call'
import type { Preview } from '../../../api/contract/send'
import { now, relTime, yuan } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { part } from '../../../lib/text/part'
import { Failure, StatusTag } from '../../../lib/ui'

/** useSettled gives a value once it has rested. */
export function useSettled<T>(value: T, ms = 300): T {
  const [settled, set] = useState(value)
  useEffect(() => { const h = window.setTimeout(() => set(value), ms); return () => window.clearTimeout(h) }, [value, ms])
  return settled
}

/** usePreview asks the server how a text would go out: parts, cost, lint and the gate's word. */
export function usePreview(patient: string | undefined, text: string, purpose: string) {
  const settled = useSettled(text)
  return useQuery({
    queryKey: ['message', 'preview', patient, settled, purpose], enabled: !!patient && settled.trim() !== '', placeholderData: keepPreviousData, staleTime: 5_000,
    queryFn: ({ signal }) => call('POST /api/v1/messages/preview', { body: { patient_id: patient!, text: settled, purpose }, signal }),
  })
}

/** sendable tells whether the preview lets the text go. */
export const sendable = (p: Preview | undefined) => !!p && p.gate.allowed && !p.lint.some(l => l.blocking)

/** Gauge shows segments, cost, lint and the gate under a text. */
export function Gauge({ query, idle }: { query: { data?: Preview; error: unknown; isFetching: boolean; refetch: () => unknown }; idle: boolean }) {
  const t = useText(part)
  if (idle) return <p className="sub gauge-idle">{t.gateWait}</p>
  if (query.error && !query.data) return <Failure error={query.error} retry={() => void query.refetch()} />
  const p = query.data
  if (!p) return <p className="sub gauge-idle" role="status">{t.checking}</p>
  const used = p.parts > 0 ? p.units - (p.parts - 1) * p.per_part : 0
  return (
    <div className="gauge" aria-live="polite">
      <div className="row">
        <b>{t.gauge(p.units, p.parts)}</b><span className="sub">{t.room(Math.max(0, p.per_part - used))}</span><span>{t.cost(yuan(p.cost_fen))}</span><span className="sub">{p.encoding === 'gsm7' ? t.gsm7 : t.ucs2}</span>
        <span className="grow" />
        {p.gate.allowed
          ? p.gate.not_before && Date.parse(p.gate.not_before) > now() ? <StatusTag tone="wait">{t.gateLater(relTime(p.gate.not_before))}</StatusTag> : <StatusTag tone="ok">{t.gateOk}</StatusTag>
          : <StatusTag tone="bad">{t.gateNo}</StatusTag>}
      </div>
      {!p.gate.allowed && <p className="late">{p.gate.reason}</p>}
      {p.gate.allowed && p.gate.reason && <p className="sub">{p.gate.reason}</p>}
      {p.lint.length > 0
        ? <ul className="lint">{p.lint.map(l => <li key={l.code}><StatusTag tone={l.blocking ? 'bad' : 'warn'}>{l.blocking ? t.lintBad : t.lintWarn}</StatusTag> {l.text}</li>)}</ul>
        : null}
      <blockquote className="sms"><small>{t.full}</small>{p.text}</blockquote>
    </div>
  )
}

/** measure counts units and parts of a text without the server, for templates whose variables have no values yet. */
export function measure(text: string): { units: number; parts: number } {
  const gsm = /^[\n\r !-_a-z{|}~£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉÄÖÑÜ§äöñüàÄ¿¡^€[\]\\]*$/.test(text)
  const units = text.length
  const [one, each] = gsm ? [160, 153] : [70, 67]
  return { units, parts: units === 0 ? 0 : units <= one ? 1 : Math.ceil(units / each) }
}
