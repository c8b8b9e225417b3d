import type { Brief, Named } from './person'

export type TaskList = 'due' | 'overdue' | 'escalated' | 'flags' | 'upcoming'
export interface Task {
  id: string
  patient: Brief
  kind: 'call' | 'review' | 'flag' | 'adhoc'
  title: string
  due_at: string
  overdue: boolean
  severity: number
  state: string
  tries: number
  next_try_at: string
  owner: Named | null
  template: string
  plan_id: string
  /** Until when somebody should take a red flag before it climbs; null when nothing climbs. */
  ack_by: string | null
  acknowledged_at: string | null
  provisional: boolean
  /** How often a red flag climbed; 0 for everything else. */
  rung: number
}
export interface Outcome { code: string; label: string; key: string; severity: number; ends: boolean; next?: 'done' | 'retry' | 'postpone' | 'stop' }
export interface TaskDetail extends Task {
  script: string
  outcomes: Outcome[]
  draft: string
  notes: string
  history: { at: string; actor: string; code: string; text: string }[]
  answer: { code: string; label: string; text: string; at: string } | null
  contact: { id: string; value: string; owner: string; name: string; verified_at: string | null } | null
  /** When I began the call that is going on. */
  called_at: string | null
  alerts: { kind: string; text: string; severity: number }[]
  consent_note: string
}

declare module '../ops' {
  interface Ops {
    'GET /api/v1/followup/worklist': { query: { list?: string; who?: string; cursor?: string; limit?: number }; res: Page<Task> }
    'GET /api/v1/followup/worklist/counts': { query: { who?: string }; res: Record<TaskList, number> }
    'GET /api/v1/followup/tasks/{id}': { path: { id: string }; res: TaskDetail }
    'POST /api/v1/followup/tasks/{id}/start': { path: { id: string }; res: { phone: string; contact_owner: string; call_link: string } }
    'PUT /api/v1/followup/tasks/{id}/draft': { path: { id: string }; body: { text: string }; res: void }
    'POST /api/v1/followup/tasks/{id}/outcome': { path: { id: string }; body: { code: string; notes?: string; next_at?: string }; res: { task: Task; next_id: string } }
    'POST /api/v1/followup/tasks/{id}/acknowledge': { path: { id: string }; res: unknown }
    'POST /api/v1/followup/tasks/{id}/postpone': { path: { id: string }; body: { until: string; reason: string }; res: unknown }
    'POST /api/v1/followup/tasks/{id}/assign': { path: { id: string }; body: { owner_id: string }; res: unknown }
    'POST /api/v1/followup/tasks/{id}/undo': { path: { id: string }; res: unknown }
    'POST /api/v1/followup/tasks': { body: { patient_id: string; due_date: string; channel: 'call' | 'message'; title: string; note?: string; owner_id?: string }; res: Task }
  }
}
