import type { Brief } from './person'

export type Verdict = 'new' | 'updated' | 'unchanged' | 'review' | 'duplicate' | 'rejected'
export type Counts = Partial<Record<Verdict, number>>
export interface FeedRow { id: string; name: string; kind: string; address: string; state: 'ok' | 'late' | 'behind' | 'error' | 'idle' | 'stopped'; last_run_at: string; told_at: string; error_at: string; late_minutes: number; late_own: boolean; discarded: number; day_taken: number; day_open: number; day_repeated: number; new: number; updated: number; unchanged: number; review: number; rejected: number; duplicate: number; lag_ms: number; last_error: string }
export interface UploadColumn { name: string; samples: string[]; field: string; sure: boolean; type: string; filled: number }
export interface SavedMapping { id: string; name: string; date_order: string; columns: number; uses: number; used_at: string; actor: string }
export interface PlaceQuestion { word: string; name: string; rows: number; suggest: string }
export interface Upload {
  id: string
  name: string
  kind: string
  encoding: string
  encodings: string[]
  sheets: string[]
  sheet: string
  bare: boolean
  rows: number
  issuer: string
  first: string[][]
  columns: UploadColumn[]
  fields: { code: string; label: string }[]
  date_order: string
  date_question: { column: string; examples: string[]; options: string[] } | null
  departments: PlaceQuestion[]
  mapping: SavedMapping | null
}
export interface ReadBody { mapping?: Record<string, string>; date_order?: string; encoding?: string; sheet?: string; issuer?: string; departments?: Record<string, string> }
export interface ImportRow { id: string; ref: string; verdict: Verdict; code: string; reason: string; key: string; patient_id: string; attempts: number; undone_at: string }
export interface RollbackRow { state: string; total: number; done: number; removed: number; restored: number; kept: number; rate: number; left_ms: number; created_at: string; finished_at: string; actor: string }
export interface KeptRow { patient_id: string; name: string; reason: string }
export interface RollbackPlan { patients: number; changed: number; undone: number; stay: KeptRow[]; stay_count: number; looked: number; total: number; departed: boolean; until: string }
export interface Change { field: string; from: string; to: string }
export interface PreviewRow { ref: string; verdict: Verdict; code: string; reason: string; key: string; patient_id: string; name: string; changes: Change[]; also: string[]; reasons?: { code: string; field: string; text: string }[] }
export interface RunRow { id: string; feed: string; file: string; state: string; undo: string; warned: number; left_ms: number; counts: Counts; done: number; total: number; started_at: string; finished_at: string; actor: string; rate: number }
export interface RecordRow { id: string; ref: string; type: string; control_id: string; verdict: Verdict; code: string; reason: string; key: string; patient_id: string; received_at: string; attempts: number }
export interface Candidate extends Brief { bits: number; /** The lines of the judgement, see match.Reason. */ reasons: unknown }
export interface RecordDetail extends RecordRow { reasons?: { code: string; field: string; text: string }[]; raw: string; record: object; candidates: Candidate[]; parts: { place: string; value: string; hidden: boolean }[] }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/intake/feeds': { res: { items: FeedRow[] } }
    'GET /api/v1/intake/uploads/{id}': { path: { id: string }; res: Upload }
    'POST /api/v1/intake/uploads/pasted': { body: { name: string; text: string }; res: Upload }
    'POST /api/v1/intake/uploads/{id}/read': { path: { id: string }; body: ReadBody; res: Upload }
    'POST /api/v1/intake/uploads/{id}/preview': { path: { id: string }; body: ReadBody & { verdict?: string; cursor?: string }; res: { counts: Counts; warned: number; judged: number; total: number; items: PreviewRow[]; next?: string } }
    'POST /api/v1/intake/uploads/{id}/apply': { path: { id: string }; body: ReadBody & { save_as?: string }; res: { run_id: string } }
    'GET /api/v1/intake/mappings': { res: { items: SavedMapping[] } }
    'DELETE /api/v1/intake/mappings/{id}': { path: { id: string }; res: unknown }
    'GET /api/v1/intake/runs': { query?: { state?: string; mine?: boolean; feed_id?: string; cursor?: string; limit?: number | string }; res: Page<RunRow> }
    'GET /api/v1/intake/runs/{id}/rows': { path: { id: string }; query?: { verdict?: string; cursor?: string; limit?: number | string }; res: Page<ImportRow> }
    'GET /api/v1/intake/runs/{id}/rollback': { path: { id: string }; res: RollbackPlan }
    'POST /api/v1/intake/runs/{id}/rollback': { path: { id: string }; res: RollbackRow }
    'POST /api/v1/intake/runs/{id}/rollback/cancel': { path: { id: string }; res: unknown }
    'GET /api/v1/intake/runs/{id}/rollbacks': { path: { id: string }; res: { items: RollbackRow[] } }
    'GET /api/v1/intake/runs/{id}/kept': { path: { id: string }; query?: { cursor?: string; limit?: number | string }; res: Page<KeptRow> }
    'GET /api/v1/intake/runs/{id}': { path: { id: string }; res: RunRow }
    'POST /api/v1/intake/runs/{id}/cancel': { path: { id: string }; res: unknown }
    'GET /api/v1/intake/records': { query?: { run_id?: string; feed_id?: string; verdict?: string; code?: string; cursor?: string; limit?: number | string }; res: Page<RecordRow> }
    'GET /api/v1/intake/records/{id}': { path: { id: string }; res: RecordDetail }
    'POST /api/v1/intake/records/{id}/reveal': { path: { id: string }; body: { reason: string }; res: RecordDetail }
    'POST /api/v1/intake/records/{id}/rerun': { path: { id: string }; res: unknown }
    'POST /api/v1/intake/records/{id}/repair': { path: { id: string }; body: { changes: Record<string, string> }; res: unknown }
    'POST /api/v1/intake/records/{id}/decide': { path: { id: string }; body: { patient_id: string | null }; res: unknown }
  }
}
