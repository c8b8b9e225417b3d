import type { Brief } from './person'

export type TemplateState = 'draft' | 'active' | 'retired'
export interface TemplateRow { id: string; code: string; name: string; department: string; state: TemplateState; version: number; steps: number; running_plans: number; reviewer: string; valid_until: string; updated_at: string }
export type StepKind = 'message' | 'call' | 'review'
export type Shift = 'none' | 'earlier' | 'later'
/** One accepted answer to a step's message; severity above 0 raises a red flag. */
export interface ReplyCode { code: string; label: string; severity: number }
/** One key of the call sheet. */
export interface CallOutcome { code: string; label: string; key: string; severity: number; ends: boolean; next?: string; reached?: boolean }
export interface TemplateStep {
  key: string
  title: string
  day: number
  kind: StepKind
  shift: Shift | ''
  window_from: string
  window_to: string
  text?: string
  purpose?: string
  script?: string
  codes?: ReplyCode[]
  outcomes?: CallOutcome[]
  assign?: string
  expires?: number
  lead?: number
  keep?: number
  ladder?: string[]
  retry?: { tries: number; hours: number[] } | null
}
export interface Trigger { kind: string; code?: string; name?: string; group_id?: string; department_id?: string; classes?: string[] }
/** What a person writes about a template. */
export interface TemplateInput { code?: string; name: string; family: string; summary?: string; department_id?: string; source: string; triggers: Trigger[]; steps: TemplateStep[] }
export interface Template extends TemplateInput {
  id: string
  state: TemplateState
  version: number
  lock_version: number
  running_plans: number
  reviewer: string
  valid_until: string
  updated_at: string
  versions: { version: number; state: string; created_at: string; author: string }[]
}
export interface PreviewStep { key: string; title: string; planned: string; shifted_from: string; reason: string }
export interface PlanRow { id: string; patient: Brief; template: string; version: number; state: string; day0: string; next_at: string; done: number; total: number }
export interface PlanStep { id: string; key: string; title: string; kind: StepKind; planned_date: string; original_date: string; state: string; message_state: string; task_id: string; done_at: string }
export interface PlanDetail extends PlanRow { steps: PlanStep[]; template_id?: string; reason?: string }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/followup/templates': { res: { items: TemplateRow[] } }
    'POST /api/v1/followup/templates': { body: TemplateInput; res: Template }
    'GET /api/v1/followup/templates/{id}': { path: { id: string }; res: Template }
    'PUT /api/v1/followup/templates/{id}': { path: { id: string }; body: Omit<TemplateInput, 'code'> & { lock_version: number }; res: Template }
    'POST /api/v1/followup/templates/{id}/activate': { path: { id: string }; body: { reviewer: string; source: string; valid_until: string }; res: Template }
    'POST /api/v1/followup/templates/{id}/retire': { path: { id: string }; res: unknown }
    'POST /api/v1/followup/templates/{id}/migrate': { path: { id: string }; res: { moved: number } }
    'POST /api/v1/followup/templates/{id}/preview': { path: { id: string }; body: { day0: string; department_id?: string }; res: { steps: PreviewStep[] } }
    'GET /api/v1/followup/plans': { query?: { state?: string; patient_id?: string; template_id?: string; cursor?: string; limit?: number | string }; res: Page<PlanRow> }
    'GET /api/v1/followup/plans/{id}': { path: { id: string }; res: PlanDetail }
    'POST /api/v1/followup/plans': { body: { patient_id: string; template_id: string; day0: string }; res: { id: string } }
    'POST /api/v1/followup/plans/{id}/exit': { path: { id: string }; body: { reason: string }; res: unknown }
  }
}
