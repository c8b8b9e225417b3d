export type FieldKind = 'text' | 'long_text' | 'integer' | 'decimal' | 'date' | 'choice' | 'multi_choice' | 'boolean' | 'person'
export interface FieldOption { code: string; zh: string; en: string; active: boolean }
export interface FieldInput {
  entity: string
  key: string
  label_zh: string
  label_en: string
  kind: FieldKind
  help_zh: string
  help_en: string
  section: string
  required: boolean
  minimum: string
  maximum: string
  pattern: string
  dictionary: string
  options: FieldOption[]
  sees: string[]
  edits: string[]
  active: boolean
  version: number
}
/** A custom field of an entity, with the words of its dictionary as options. */
export interface Field extends FieldInput { id: string; position: number; editable: boolean }
export interface FieldValue { field_id: string; values: string[] }
export interface FieldCondition { field_id: string; op: 'is' | 'starts_with' | 'between' | 'filled' | 'empty'; values: string[] }

export interface Entry { id: string; dictionary: string; code: string; zh: string; en: string; pinyin: string; parent: string; position: number; active: boolean; merged_into: string; version: number }
export interface EntryMerge { id: string; dictionary: string; from_code: string; into_code: string; state: 'running' | 'done' | 'undoing' | 'undone'; moved: number; by_name: string; at: string; undone_at: string }
export interface Touch { id: string; source: string; note: string; origin: string; at: string; first: boolean }

export interface Export {
  id: string
  source: string
  format: string
  reason: string
  unmasked: boolean
  words: string
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'expired'
  done: number
  total: number
  size: number
  sha256: string
  downloads: number
  created_at: string
  started_at: string
  finished_at: string
  expires_at: string
}
export interface Attachment { id: string; owner_kind: string; media: string; size: number; name: string; title: string; category: string; by: string; created_at: string; deleted_at: string }
export interface Preference { key: string; value: string; updated_at: string }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/fields': { query: { entity: string }; res: { items: Field[] } }
    'GET /api/v1/fields/all': { query: { entity: string }; res: { items: Field[] } }
    'POST /api/v1/fields': { body: FieldInput; res: Field }
    'PUT /api/v1/fields/{id}': { path: { id: string }; body: FieldInput; res: Field }
    'POST /api/v1/fields/arrange': { body: { entity: string; places: { id: string; section: string }[] }; res: unknown }
    'GET /api/v1/patients/{id}/fields': { path: { id: string }; res: { items: FieldValue[] } }
    'PATCH /api/v1/patients/{id}/fields': { path: { id: string }; body: { version: number; fields: FieldValue[] }; res: { version: number } }

    'GET /api/v1/dictionaries': { res: { items: { name: string; levels: boolean; title: string }[] } }
    'GET /api/v1/dictionaries/{name}': { path: { name: string }; res: { items: Entry[] } }
    'POST /api/v1/dictionaries/{name}': { path: { name: string }; body: { code: string; zh: string; en: string; parent: string }; res: Entry }
    'PATCH /api/v1/dictionary-entries/{id}': { path: { id: string }; body: { version: number; zh?: string; en?: string; parent?: string; active?: boolean }; res: Entry }
    'POST /api/v1/dictionaries/{name}/arrange': { path: { name: string }; body: { codes: string[] }; res: unknown }
    'POST /api/v1/dictionaries/{name}/usage': { path: { name: string }; body: { code: string }; res: { items: { place: string; total: { value: number; exact: boolean } }[] } }
    'POST /api/v1/dictionaries/{name}/merge': { path: { name: string }; body: { from: string; into: string }; res: EntryMerge }
    'GET /api/v1/dictionaries/{name}/merges': { path: { name: string }; res: { items: EntryMerge[] } }
    'POST /api/v1/dictionary-merges/{id}/undo': { path: { id: string }; res: unknown }
    'GET /api/v1/patients/{id}/touches': { path: { id: string }; res: { items: Touch[] } }
    'POST /api/v1/patients/{id}/touches': { path: { id: string }; body: { source: string; note: string }; res: unknown }
    'POST /api/v1/patients/{id}/source': { path: { id: string }; body: { version: number; source: string; reason: string }; res: { version: number } }

    'GET /api/v1/patients/export/columns': { res: { items: string[] } }
    'GET /api/v1/exports': { res: { items: (Export & { problem: string })[] } }
    'POST /api/v1/exports/{id}/cancel': { path: { id: string }; res: unknown }
    'DELETE /api/v1/exports/{id}': { path: { id: string }; res: unknown }
    'POST /api/v1/exports/trace': { body: { text: string }; res: { items: (Export & { owner: string })[] } }
    'GET /api/v1/preferences': { res: { items: Preference[] } }
    'PUT /api/v1/preferences/{key}': { path: { key: string }; body: { value: string }; res: unknown }

    'GET /api/v1/patients/{id}/attachments': { path: { id: string }; res: { items: Attachment[] } }
    'PATCH /api/v1/patients/{id}/attachments/{attachment_id}': { path: { id: string; attachment_id: string }; body: { title?: string; category?: string }; res: Attachment }
    'DELETE /api/v1/patients/{id}/attachments/{attachment_id}': { path: { id: string; attachment_id: string }; res: unknown }
    'POST /api/v1/patients/{id}/attachments/{attachment_id}/restore': { path: { id: string; attachment_id: string }; res: unknown }
  }
}
