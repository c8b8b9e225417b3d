import type { Brief } from './person'

/** A span of days, fixed or counted from the day it is asked. */
export interface Period { kind: string; n?: number; unit?: string; from?: string; to?: string }
/** A group of nodes, or one condition (op "is"). */
export interface SegmentNode { op: string; nodes?: SegmentNode[]; dim?: string; key?: string; values?: string[]; aspect?: string; period?: Period | null; from?: number | null; to?: number | null; text?: string }
export interface SegmentTree { v: number; root: SegmentNode }
export interface SegmentOption { value: string; label: string }
/** What conditions can be about, in the reader's language. */
export interface Offer { name: string; key: string; label: string; group: string; takes: string[]; needs: string[]; aspects: SegmentOption[]; only: SegmentOption[]; search: boolean; free: boolean; unit: string; care: boolean }
export interface SegmentInput { kind?: string; name: string; description: string; shared: boolean; tracked: boolean; tree: SegmentTree; version?: number }
export interface Segment {
  id: string
  kind: string
  name: string
  description: string
  shared: boolean
  tracked: boolean
  tree: SegmentTree
  state: string
  filled_at: string
  error: string
  updated_at: string
  version: number
  mine: boolean
  owner_name: string
}
export interface Size { value: number; exact: boolean; small: boolean }
export interface Cell { key: string; label: string; n: number; small: boolean }
export interface Demography { n: number; small: boolean; sexes: Cell[]; bands: Cell[]; regions: Cell[]; sources: Cell[] }
export interface SegmentVersion { version: number; name: string; author: string; at: string; tree: SegmentTree; changes: { what: string; from: string; to: string }[] }
export interface Belonging { id: string; kind: string; name: string; since: string; reasons: { text: string; met: boolean }[] }
export interface KeyPatient extends Brief { flags: Belonging[] }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/segments/dimensions': { res: { items: Offer[] } }
    'POST /api/v1/segments/options': { body: { dim: string; text?: string; values?: string[] }; res: { items: SegmentOption[] } }
    'POST /api/v1/segments/count': { body: { tree: SegmentTree; exact?: boolean }; res: { value: number; exact: boolean } }
    'POST /api/v1/segments/sample': { body: { tree: SegmentTree }; res: { items: Brief[] } }
    'GET /api/v1/segments': { query?: { kind?: string; state?: string }; res: { items: Segment[] } }
    'POST /api/v1/segments': { body: SegmentInput; res: Segment }
    'GET /api/v1/segments/{id}': { path: { id: string }; res: Segment }
    'PUT /api/v1/segments/{id}': { path: { id: string }; body: SegmentInput; res: Segment }
    'POST /api/v1/segments/{id}/archive': { path: { id: string }; body: { version: number; archived: boolean }; res: Segment }
    'GET /api/v1/segments/{id}/versions': { path: { id: string }; res: { items: SegmentVersion[] } }
    'GET /api/v1/segments/{id}/uses': { path: { id: string }; res: { items: { kind: string; name: string; ref: string }[] } }
    'GET /api/v1/segments/{id}/size': { path: { id: string }; query?: { exact?: boolean }; res: Size }
    'GET /api/v1/segments/{id}/movement': { path: { id: string }; query?: { days?: number }; res: { in: number; entered: number; left: number; since: string } }
    'GET /api/v1/segments/{id}/demography': { path: { id: string }; res: Demography }
    'POST /api/v1/segments/overlap': { body: { ids: string[] }; res: { cells: Cell[] } }
    'GET /api/v1/key-patients': { query?: { rule?: string; cursor?: string; limit?: number | string }; res: Page<KeyPatient> }
    'GET /api/v1/patients/{id}/segments': { path: { id: string }; res: { items: Belonging[] } }
  }
}
