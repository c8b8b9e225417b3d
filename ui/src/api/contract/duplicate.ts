import type { Brief } from './person'

/** Why two records are, or are not, one person; bits are the weight of each piece of evidence. */
export interface MatchReason { field: string; outcome: string; kind?: string; bits: number }
export interface Pair { id: string; zone: 'auto' | 'review' | 'veto' | 'mother'; likely: '' | 'twins' | 'family' | 'namesakes'; a: Brief; b: Brief; bits: number; reasons: MatchReason[] }
export interface Scan { state: '' | 'ready' | 'running' | 'done' | 'dead' | 'cancelled'; done: number; total: number; found: number; started_at: string; finished_at: string }
export interface Undone { kept: Record<string, number>; followed: Record<string, number>; rows: { table: string; at: string }[] }
export interface AccessEntry { at: string; kind: 'look' | 'reveal' | 'export' | 'play' | 'change'; action: string; actor: string; role: string; department: string; door: string; reason: string; field: string; sealed: boolean; former: boolean }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/patients/review': { query?: { apart?: boolean; cursor?: string; limit?: number }; res: Page<Pair> }
    'POST /api/v1/pairs/{id}/different': { path: { id: string }; res: unknown }
    'POST /api/v1/patients/merge': { body: { survivor_id: string; loser_id: string; reason: string; take?: string[] }; res: { merge_id: string } }
    'POST /api/v1/merges/{id}/undo': { path: { id: string }; res: Undone }
    'GET /api/v1/patients/scan': { res: Scan }
    'POST /api/v1/patients/scan': { res: Scan }
    'POST /api/v1/patients/scan/stop': { res: Scan }
    'GET /api/v1/patients/{id}/access-log': { path: { id: string }; query?: { kind?: string; cursor?: string; limit?: number }; res: Page<AccessEntry> }
  }
}
