import type { Named } from './person'

export interface Colleague { id: string; login: string; name: string; post: string; role: Named | null; department: Named | null; state: 'active' | 'frozen' | 'left'; absent_until: string; last_seen_at: string; version: number }
/** A colleague as pickers show one; everybody signed in may ask. */
export interface Peer { id: string; name: string; pinyin?: string; post: string; department_id: string; absent: boolean }
export interface Department { id: string; site_id: string; parent_id: string; code: string; name: string; kind: 'department' | 'ward'; active: boolean; division: boolean; checked: boolean; into_id: string; pinyin: string; codes: { source: string; code: string }[]; history?: { name: string; from: string; to: string }[]; version: number }
export interface StoredView { id: string; page: string; name: string; query: string; layout: string; shared: boolean; mine: boolean }
export interface ConditionGroup { id: string; name: string; codes: string[]; version: number }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/staff': { query?: { text?: string; state?: string; cursor?: string; limit?: number }; res: Page<Colleague> }
    'GET /api/v1/colleagues': { res: { items: Peer[] } }
    'GET /api/v1/departments': { res: { items: Department[] } }
    'GET /api/v1/condition-groups': { res: { items: ConditionGroup[] } }
    'GET /api/v1/views': { query: { page: string }; res: { items: StoredView[] } }
    'POST /api/v1/views': { body: { page: string; name: string; query: string; shared: boolean; layout?: string }; res: StoredView }
    'DELETE /api/v1/views/{id}': { path: { id: string }; res: void }
    'GET /api/v1/message-templates': { res: { items: MessageTemplate[] } }
  }
}
export interface MessageTemplate { id: string; code: string; name: string; family: string; purpose: string; text: string; state: string; version: number; variables: string[] }
