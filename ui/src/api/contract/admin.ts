import type { ConditionGroup } from './lookup'

export interface NewColleague { login: string; name: string; post: string; role_id: string; department_id: string; password: string }
export interface ColleaguePatch { version: number; name?: string; post?: string; role_id?: string; department_id?: string; state?: string; absent_from?: string; absent_until?: string }
export interface Role { id: string; name: string; permissions: string[]; reach: string; days: number; read_only: boolean; unassigned: boolean; keys: string[]; active: boolean; staff: number; version: number }
export interface RoleInput { name: string; permissions: string[]; reach: string; days: number; read_only: boolean; unassigned: boolean; keys?: string[]; active?: boolean }
export interface PermissionRow { permission: string; room: string; writes: boolean; name: string }
export interface Site { id: string; name: string; code?: string; active?: boolean; version?: number }
export interface Setting { key: string; room: string; name: string; help: string; kind: 'int' | 'text' | 'bool' | 'time' | 'choice'; value: string; default: string; min: number; max: number; choices: string[]; per_department: boolean; overrides: { department_id: string; value: string; version?: number }[]; version: number }
export interface SettingPast { old_value: string; new_value: string; at: string; by_name: string; department_id?: string }
export interface AuditEntry { seq: number; at: string; actor_id: string; actor: string; door: string; action: string; entity: string; patient: { id: string; name: string } | null; reason: string; detail: string; request_id: string; sealed: boolean; hash: string }
export interface ColleagueName { id: string; name: string; pinyin?: string; post: string; department_id: string; absent: boolean }
export interface Operations {
  version: string
  engine: string
  started_at: string
  beats: { name: string; ok_at: string; late: boolean; error: string }[]
  jobs: { kind: string; state: string; n: number; since: string }[]
  dead: { id: string; kind: string; error: string; at: string }[]
  letters: { fact_id: string; listener: string; name: string; error: string }[]
  backups: { name: string; state: string; at: string; finished_at: string; size: number; verified_at: string; tables: number; rows: number; error: string }[]
  disk_free: number
}
export interface Job { state: string; done: number; total: number; note: string; error: string; rate: number; left_ms: number }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/colleagues': { res: { items: ColleagueName[] } }
    'POST /api/v1/staff': { body: NewColleague; res: { id: string } }
    'PATCH /api/v1/staff/{id}': { path: { id: string }; body: ColleaguePatch; res: void }
    'POST /api/v1/staff/{id}/password': { path: { id: string }; body: { password: string }; res: unknown }
    'GET /api/v1/roles': { res: { items: Role[] } }
    'POST /api/v1/roles': { body: RoleInput; res: { id: string } }
    'PATCH /api/v1/roles/{id}': { path: { id: string }; body: RoleInput & { version: number }; res: void }
    'GET /api/v1/permissions': { res: { items: PermissionRow[] } }
    'GET /api/v1/sites': { res: { items: Site[] } }
    'POST /api/v1/departments': { body: { site_id?: string; parent_id?: string; code: string; name: string; kind: string; division?: boolean }; res: { id: string } }
    'PATCH /api/v1/departments/{id}': { path: { id: string }; body: { version: number; name?: string; parent_id?: string; site_id?: string; active?: boolean; division?: boolean; kind?: string }; res: void }
    'POST /api/v1/condition-groups': { body: { name: string; codes: string[] }; res: ConditionGroup }
    'PUT /api/v1/condition-groups/{id}': { path: { id: string }; body: { name: string; codes: string[]; version: number }; res: ConditionGroup }
    'POST /api/v1/condition-groups/preview': { body: { id?: string; codes: string[] }; res: { plans: { template_id: string; name: string; steps: number }[]; patients: number } }
    'GET /api/v1/settings': { res: { items: Setting[] } }
    'PUT /api/v1/settings/{key}': { path: { key: string }; body: { value: string; department_id?: string; version: number }; res: unknown }
    'DELETE /api/v1/settings/{key}': { path: { key: string }; query: { department_id?: string; version: number }; res: void }
    'GET /api/v1/settings/{key}/history': { path: { key: string }; res: { items: SettingPast[] } }
    'POST /api/v1/audit/search': { body: { from?: string; to?: string; actor_id?: string; action?: string; patient_id?: string; cursor?: string; limit?: number }; res: Page<AuditEntry> }
    'POST /api/v1/audit/verify': { res: { entries: number; ok: boolean; broken_seq: number } }
    'GET /api/v1/operations': { res: Operations }
    'POST /api/v1/operations/backup': { res: { id: string } }
    'POST /api/v1/operations/letters/{id}/retry': { path: { id: string }; body: { listener: string }; res: void }
    'POST /api/v1/operations/jobs/{id}/retry': { path: { id: string }; res: unknown }
    'GET /api/v1/jobs/{id}': { path: { id: string }; res: Job }
    'POST /api/v1/jobs/{id}/cancel': { path: { id: string }; res: unknown }
  }
}
