import type { MessageTemplate } from './lookup'
import type { Brief } from './person'

export type Box = 'outbox' | 'sent' | 'blocked'
export interface Message { id: string; patient: Brief; to: string; text: string; purpose: string; state: string; reason: string; reason_text: string; eta: string; parts: number; cost_fen: number; room: string; created_at: string; accepted_at: string; settled_at: string; sender_name: string }
export interface Incoming { id: string; patient: Brief | null; from: string; text: string; at: string; code: string; code_label: string; state: 'new' | 'coded' | 'needs_person' | 'done'; question: string; task_id: string; owner_name: string }
export interface Totals { sent: number; delivered: number; failed: number; unknown: number; pending: number; blocked: number }
export interface TemplateWords { code: string; name: string; family: string; purpose: string; text: string; state?: string }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/messages': { query: { box: string; patient_id?: string; state?: string; cursor?: string; limit?: number | string }; res: Page<Message> }
    'GET /api/v1/messages/totals': { res: Totals }
    'GET /api/v1/messages/inbox': { query: { tab: string; cursor?: string; limit?: number | string }; res: Page<Incoming> }
    'POST /api/v1/messages/inbox/{id}/reply': { path: { id: string }; body: { text: string }; res: unknown }
    'POST /api/v1/messages/inbox/{id}/match': { path: { id: string }; body: { patient_id: string }; res: unknown }
    'POST /api/v1/messages/inbox/{id}/done': { path: { id: string }; res: unknown }
    'POST /api/v1/message-templates': { body: TemplateWords; res: MessageTemplate }
    'PUT /api/v1/message-templates/{id}': { path: { id: string }; body: TemplateWords & { version: number }; res: MessageTemplate }
  }
}
