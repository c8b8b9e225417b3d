export interface SummaryLine { code: string; name: string; note: string; status: string; at: string }
export interface Summary { diagnoses: SummaryLine[]; procedures: SummaryLine[]; reports: SummaryLine[]; spent_fen: number; hidden: string[] }
export interface TreatmentItem { id: string; code: string; name: string; bought: number; used: number; left: number; valid_until: string; over: boolean; source: string; note: string; version: number }
export interface ItemInput { code?: string; name: string; bought: number; used?: number; valid_until?: string; note?: string; version?: number }
export interface Session { id: string; n: number; note: string; by: string; at: string }
export interface VisitRow { id: string; class: string; state: string; number: string; department: string; ward: string; bed: string; doctor: string; diagnosis: string; started_at: string; ended_at: string; total_fen: number; hidden: boolean }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/patients/{id}/summary': { path: { id: string }; res: Summary }
    'POST /api/v1/diseases/pick': { body: { text: string; limit?: number }; res: { items: { code: string; name: string; own: boolean }[] } }
    'GET /api/v1/patients/{id}/items': { path: { id: string }; res: { items: TreatmentItem[] } }
    'GET /api/v1/patients/{id}/items/{item_id}/sessions': { path: { id: string; item_id: string }; res: { items: Session[] } }
    'POST /api/v1/patients/{id}/items': { path: { id: string }; body: ItemInput; res: { id: string } }
    'PUT /api/v1/patients/{id}/items/{item_id}': { path: { id: string; item_id: string }; body: ItemInput; res: unknown }
    'POST /api/v1/patients/{id}/items/{item_id}/use': { path: { id: string; item_id: string }; body: { note?: string }; res: TreatmentItem }
    'POST /api/v1/patients/{id}/items/{item_id}/return': { path: { id: string; item_id: string }; body: { note?: string }; res: TreatmentItem }
    'GET /api/v1/patients/{id}/encounters': { path: { id: string }; query?: { cursor?: string; limit?: number }; res: Page<VisitRow> }
  }
}
