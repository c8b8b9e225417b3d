export interface Relative { id: string; kind: string; relative_id: string; name: string; phone: string; sex: string; age: number | null; care: boolean; notice: boolean; household: boolean; note: string; source: string; version: number; in_scope: boolean }
export interface HouseholdMember extends Relative { via: string }
export interface RelationInput { kind: string; relative_id?: string; name?: string; phone?: string; care?: boolean; notice?: boolean; household?: boolean; note?: string; version?: number }
export interface Freshness { points: number; fresh: number; old: number; never: number; wrong: number; days: number }
export interface RegionTotal { code: string; name: string; patients: number; parts: { code: string; name: string; patients: number; deeper: boolean }[] }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/patients/{id}/relations': { path: { id: string }; res: { items: Relative[] } }
    'GET /api/v1/patients/{id}/household': { path: { id: string }; res: { items: HouseholdMember[] } }
    'POST /api/v1/patients/{id}/relations': { path: { id: string }; body: RelationInput; res: { id: string } }
    'PUT /api/v1/patients/{id}/relations/{relation_id}': { path: { id: string; relation_id: string }; body: RelationInput; res: unknown }
    'DELETE /api/v1/patients/{id}/relations/{relation_id}': { path: { id: string; relation_id: string }; res: unknown }
    'GET /api/v1/patients/freshness': { res: Freshness }
    'GET /api/v1/patients/regions': { query?: { code?: string }; res: RegionTotal }
  }
}
