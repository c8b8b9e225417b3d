import type { Detail } from './patient'

export type EventKind = 'followup' | 'message' | 'encounter' | 'charge' | 'report' | 'appointment' | 'record'
export interface TimelineEvent {
  id: string
  kind: EventKind
  at: string
  title: string
  body: string
  status: string
  tone: 'ok' | 'warn' | 'bad' | ''
  actor: string
  room: string
  ref: string
  amount_fen?: number
  detail?: Record<string, unknown>
}
export interface Overview {
  patient: Detail
  alerts: { kind: string; text: string; severity: number }[]
  next_action: { task_id: string; title: string; due_at: string; kind: string; owner_name: string } | null
  last_encounter: { class: string; department: string; doctor: string; started_at: string; ended_at: string } | null
  counts: Partial<Record<EventKind, number>>
  /** null: this person may not see charges */
  spend_total_fen: number | null
  open_flags: number
  plans: { id: string; name: string; state: string; next_at: string; done: number; total: number }[]
}
export interface Spend {
  years: { year: number; total_fen: number }[]
  days: { date: string; total_fen: number; items: { name: string; category: string; quantity: string; amount_fen: number; at: string }[] }[]
}
export interface ConditionPreview { groups: { id: string; name: string }[]; plans: { template_id: string; name: string; steps: number }[]; running: { template_id: string; name: string; steps: number }[] }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/patients/{id}/overview': { path: { id: string }; res: Overview }
    'GET /api/v1/patients/{id}/consents': { path: { id: string }; res: { items: { id: string; purpose: string; channel: string; decision: string; source: string; decided_at: string; until: string | null; superseded_at: string | null }[] } }
    'GET /api/v1/patients/{id}/timeline': { path: { id: string }; query?: { kind?: string; cursor?: string; limit?: number }; res: Page<TimelineEvent> }
    'GET /api/v1/patients/{id}/spend': { path: { id: string }; query?: { year?: number }; res: Spend }
    'POST /api/v1/patients/{id}/conditions/preview': { path: { id: string }; body: { code: string; name: string }; res: ConditionPreview }
    'POST /api/v1/patients/{id}/conditions': { path: { id: string }; body: { code: string; name: string; encounter_id?: string }; res: unknown }
  }
}
