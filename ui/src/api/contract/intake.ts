import type { Brief } from './person'

export type Verdict = 'new' | 'updated' | 'unchanged' | 'review' | 'duplicate' | 'rejected'
export type Counts = Partial<Record<Verdict, number>>
export interface FeedRow { id: string; name: string; kind: 'mllp' | 'upload'; address: string; state: 'ok' | 'late' | 'error' | 'idle'; last_run_at: string; new: number; updated: number; unchanged: number; review: number; rejected: number; duplicate: number; lag_ms: number; last_error: string }
export interface UploadColumn { name: string; samples: string[]; field: string; sure: boolean }
export interface Upload {
  id: string
  name: string
  kind: string
  encoding: string
  rows: number
  columns: UploadColumn[]
  fields: { code: string; label: string }[]
  date_question: { column: string; examples: string[]; options: string[] } | null
}
export interface Change { field: string; from: string; to: string }
export interface PreviewRow { ref: string; verdict: Verdict; code: string; reason: string; key: string; patient_id: string; name: string; changes: Change[]; reasons?: { code: string; field: string; text: string }[] }
export interface RunRow { id: string; feed: string; file: string; state: string; counts: Counts; done: number; total: number; started_at: string; finished_at: string; actor: string; rate: number }
export interface RecordRow { id: string; ref: string; type: string; control_id: string; verdict: Verdict; code: string; reason: string; key: string; patient_id: string; received_at: string; attempts: number }
export interface Candidate extends Brief { bits: number; /** The lines of the judgement, see match.Reason. */ reasons: unknown }
export interface RecordDetail extends RecordRow { reasons?: { code: string; field: string; text: string }[]; raw: string; record: object; candidates: Candidate[] }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/intake/feeds': { res: { items: FeedRow[] } }
    'GET /api/v1/intake/uploads/{id}': { path: { id: string }; res: Upload }
    'POST /api/v1/intake/uploads/{id}/preview': { path: { id: string }; body: { mapping: Record<string, string>; date_order?: string; cursor?: string }; res: { counts: Counts; items: PreviewRow[]; next?: string } }
    'POST /api/v1/intake/uploads/{id}/apply': { path: { id: string }; body: { mapping: Record<string, string>; date_order?: string }; res: { run_id: string } }
    'GET /api/v1/intake/runs': { query?: { cursor?: string; limit?: number | string }; res: Page<RunRow> }
    'GET /api/v1/intake/runs/{id}': { path: { id: string }; res: RunRow }
    'POST /api/v1/intake/runs/{id}/cancel': { path: { id: string }; res: unknown }
    'GET /api/v1/intake/records': { query?: { run_id?: string; feed_id?: string; verdict?: string; cursor?: string; limit?: number | string }; res: Page<RecordRow> }
    'GET /api/v1/intake/records/{id}': { path: { id: string }; res: RecordDetail }
    'POST /api/v1/intake/records/{id}/reveal': { path: { id: string }; body: { reason: string }; res: RecordDetail }
    'POST /api/v1/intake/records/{id}/rerun': { path: { id: string }; res: unknown }
    'POST /api/v1/intake/records/{id}/repair': { path: { id: string }; body: { changes: Record<string, string> }; res: unknown }
    'POST /api/v1/intake/records/{id}/decide': { path: { id: string }; body: { patient_id: string | null }; res: unknown }
  }
}
