import type { Counts, Verdict } from './intake'

export interface Hour { at: string; taken: number; open: number; repeated: number }
export interface Driver { name: string; present: boolean; port: number }
export interface PullSource { feed_id: string; driver: string; host: string; port: number; database: string; account: string; password: string; encryption: string }
export interface PullInput extends PullSource { name: string; view: string; key_column: string; changed_column: string; mapping: Record<string, string>; date_order: string; issuer: string; every_minutes: number; row_cap: number; timeout_seconds: number; version: number }
export interface PullRow extends PullInput { next_at: string; mark: string; seen: number; gone: number; last_error: string }
export interface PullColumn { name: string; type: string; moment: boolean; field: string; sure: boolean; samples: string[] }
export interface PullDraft { columns: PullColumn[]; fields: { code: string; label: string }[]; counts: Counts; rows: { ref: string; name: string; verdict: Verdict; reason: string }[] }
export interface ReasonCount { code: string; text: string; n: number }
export interface Sweep { records?: string[]; feed_id?: string; verdict: string; code?: string; reason?: string }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/intake/feeds/{id}/hours': { path: { id: string }; res: { items: Hour[] } }
    'POST /api/v1/intake/feeds/{id}/stop': { path: { id: string }; res: unknown }
    'POST /api/v1/intake/feeds/{id}/start': { path: { id: string }; res: unknown }
    'PATCH /api/v1/intake/feeds/{id}': { path: { id: string }; body: { late_minutes: number }; res: unknown }
    'GET /api/v1/intake/drivers': { res: { items: Driver[] } }
    'POST /api/v1/intake/pulls/views': { body: PullSource; res: { items: string[] } }
    'POST /api/v1/intake/pulls/preview': { body: PullInput; res: PullDraft }
    'POST /api/v1/intake/pulls': { body: PullInput; res: PullRow }
    'GET /api/v1/intake/pulls/{id}': { path: { id: string }; res: PullRow }
    'POST /api/v1/intake/pulls/{id}/run': { path: { id: string }; res: unknown }
    'GET /api/v1/intake/reasons': { query: { feed_id?: string; verdict: string }; res: { items: ReasonCount[] } }
    'POST /api/v1/intake/records/{id}/mend': { path: { id: string }; body: { values: Record<string, string> }; res: unknown }
    'POST /api/v1/intake/records/{id}/discard': { path: { id: string }; body: { reason: string }; res: unknown }
    'POST /api/v1/intake/replay': { body: Sweep; res: { job_id: string } }
    'POST /api/v1/intake/discard': { body: Sweep; res: { job_id: string } }
  }
}
