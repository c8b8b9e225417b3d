import type { PatientFilter } from './patient'

export interface Code { source: string; code: string }
export interface CalendarDay { date: string; kind: 'off' | 'work'; name: string; source?: string }
export interface DayImport { first_day: string; last_day: string; off_days: number; work_days: number; at: string; by_name: string }
export interface Calendar { days: CalendarDay[]; legal: CalendarDay[]; imports: DayImport[] }
export interface Moves { steps: number; plans: number; some: { plan_id: string; plan: string; step: string; from: string; to: string }[] }
export interface Handover { id: string; staff_id: string; kind: string; way: string; receivers: string[]; until: string; state: string; moved: number; total: number; left_over: number; created_at: string; finished_at: string }
export interface HandoverLook { held: { key: string; name: string; n: number }[]; total: number; past: Handover[] }
/** Who has to do with a patient, until when and why. */
export interface Carer { kind: string; key: string; name: string; role: string; until: string; by: string; at: string; by_hand: boolean; mine: boolean }
export interface Assign { kind: string; key: string; role: string; until?: string }
export interface Transfer { id: string; reason: string; state: string; total: number; moved: number; skipped: number; created_at: string; finished_at: string }

declare module '../ops' {
  interface Ops {
    'POST /api/v1/sites': { body: { code: string; name: string }; res: { id: string } }
    'PATCH /api/v1/sites/{id}': { path: { id: string }; body: { version: number; name?: string; active?: boolean }; res: void }
    'PUT /api/v1/departments/{id}/codes': { path: { id: string }; body: { codes: Code[] }; res: void }
    'POST /api/v1/departments/{id}/merge': { path: { id: string }; body: { into_id: string }; res: void }
    'GET /api/v1/staff/{id}/handover': { path: { id: string }; res: HandoverLook }
    'POST /api/v1/staff/{id}/handover': { path: { id: string }; body: { kind: string; way: string; receivers: string[]; until?: string }; res: Handover }
    'POST /api/v1/handovers/{id}/return': { path: { id: string }; res: void }
    'GET /api/v1/patients/{id}/access': { path: { id: string }; res: { items: Carer[] } }
    'POST /api/v1/patients/{id}/access': { path: { id: string }; body: Assign; res: { items: Carer[] } }
    'POST /api/v1/patients/{id}/access/end': { path: { id: string }; body: Assign; res: { items: Carer[] } }
    'POST /api/v1/transfers': { body: { ids?: string[]; text?: string; filter?: PatientFilter; to_id: string; reason: string }; res: Transfer }
    'GET /api/v1/transfers/{id}': { path: { id: string }; res: Transfer }
    'POST /api/v1/transfers/{id}/undo': { path: { id: string }; res: Transfer }
    'GET /api/v1/calendar': { query?: { department_id?: string }; res: Calendar }
    'POST /api/v1/calendar': { body: { department_id?: string; text: string }; res: Calendar }
    'POST /api/v1/calendar/preview': { body: { department_id?: string; text: string }; res: { days: CalendarDay[]; moves: Moves } }
    'GET /api/v1/calendar/moves': { query?: { department_id?: string }; res: Moves }
    'POST /api/v1/calendar/replan': { body: { department_id?: string }; res: Moves }
  }
}
