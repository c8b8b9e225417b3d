import type { Export, FieldCondition, FieldValue } from './custom'
import type { Brief, Named } from './person'

export interface PatientFilter {
  department_id?: string
  owner_id?: string
  source?: string
  tag?: string
  sex?: string
  age_from?: number
  age_to?: number
  seen_from?: string
  seen_to?: string
  condition_group_id?: string
  segment_id?: string
  /** Those whom a clinical rule flags. */
  key?: boolean
  fields?: FieldCondition[]
  ids?: string[]
}
/** Match says which field a search matched and which of its characters; masked values stay masked. */
export interface Match { field: string; text: string; reading: string; from: number; to: number }
export interface PatientRow extends Brief {
  why?: Match[]
  department: string
  doctor: string
  diagnosis: string
  seen_at: string
  next_task_at: string
  next_task_title: string
  owner_id: string
  owner_name: string
  fields: FieldValue[]
  source: string
  version: number
}
export interface Contact {
  id: string
  system: string
  value: string
  owner: string
  label: string
  state: 'ok' | 'wrong' | 'unverified'
  verified_at: string
  rank: number
  source: string
}
export interface Identifier { id: string; kind: string; issuer: string; value: string }
export interface Detail extends Brief {
  version: number
  occupation: string
  ethnicity: string
  marital: string
  address: string
  region: { code: string; name: string } | null
  source: string
  owner: Named | null
  note: string
  contacts: Contact[]
  identifiers: Identifier[]
  created_at: string
  seen_at: string
  merged_into: string
  deceased_at: string
  department?: Named | null
  /** Values of a feed that differ from what a person verified; somebody decides. */
  proposals?: { id: string; field: string; value: string; source: string; at: string }[]
}
export interface NewContact { system: string; value: string; owner?: string; label?: string }
export interface NewIdentifier { kind: string; issuer?: string; value: string }
/** What a person types about a patient. */
export interface PatientInput {
  name: string
  sex: string
  birth_date?: string
  occupation?: string
  ethnicity?: string
  marital?: string
  address?: string
  region_code?: string
  source?: string
  owner_id?: string
  department_id?: string
  note?: string
  alert?: string
  contacts?: NewContact[]
  identifiers?: NewIdentifier[]
  tags?: string[]
  fields?: FieldValue[]
}
export interface Duplicate extends Brief { bits: number; zone: 'auto' | 'review' | 'near'; reasons: { field: string; outcome: string; bits: number }[] }

declare module '../ops' {
  interface Ops {
    'POST /api/v1/patients/search': { body: { text?: string; filter?: PatientFilter; sort?: string; limit?: number; cursor?: string }; res: Page<PatientRow> }
    'POST /api/v1/patients/pick': { body: { text: string; limit?: number }; res: { items: (Brief & { hint: string; why: Match[] })[] } }
    'POST /api/v1/patients/duplicates': { body: { name?: string; sex?: string; birth_date?: string; contacts?: NewContact[]; identifiers?: NewIdentifier[]; exclude_id?: string }; res: { items: Duplicate[]; outside?: number } }
    'POST /api/v1/patients': { body: PatientInput; res: Detail }
    'GET /api/v1/patients/{id}': { path: { id: string }; res: Detail }
    'PATCH /api/v1/patients/{id}': { path: { id: string }; body: { version: number } & Partial<PatientInput>; res: Detail }
    'POST /api/v1/patients/{id}/contacts': { path: { id: string }; body: NewContact; res: Contact }
    'PATCH /api/v1/patients/{id}/contacts/{contact_id}': { path: { id: string; contact_id: string }; body: { state?: string; owner?: string; label?: string; rank?: number }; res: Contact }
    'DELETE /api/v1/patients/{id}/contacts/{contact_id}': { path: { id: string; contact_id: string }; res: void }
    'POST /api/v1/patients/{id}/reveal': { path: { id: string }; body: { field: 'contact' | 'identifier' | 'address'; ref?: string; reason: string }; res: { value: string; seconds: number } }
    'POST /api/v1/patients/{id}/tags': { path: { id: string }; body: { add?: string[]; remove?: string[] }; res: Detail }
    'POST /api/v1/patients/{id}/proposals/{proposal_id}': { path: { id: string; proposal_id: string }; body: { accept: boolean }; res: Detail }
    'POST /api/v1/patients/{id}/identifiers': { path: { id: string }; body: NewIdentifier; res: Detail }
    'DELETE /api/v1/patients/{id}/identifiers/{identifier_id}': { path: { id: string; identifier_id: string }; res: unknown }
    'POST /api/v1/patients/bulk': { body: { ids: string[]; action: 'tag' | 'untag' | 'assign'; tag?: string; owner_id?: string }; res: { done: number } }
    'POST /api/v1/patients/export': { body: { text?: string; filter?: PatientFilter; sort?: string; reason: string; format: string; unmasked: boolean; columns?: string[] }; res: Export }
    'GET /api/v1/regions': { query: { parent?: string }; res: { items: { code: string; name: string }[] } }
    'GET /api/v1/tags': { res: { items: string[] } }
  }
}
