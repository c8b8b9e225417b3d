import type { Brief, Named } from './person'

export interface Organization { id: string; kind: string; code: string; name: string; address: string; region_code: string; phone: string; note: string; version: number; region: string; owner: Named | null; members: number; former: number; created_at: string; updated_at: string }
export interface Contract { id: string; number: string; title: string; valid_from: string; valid_to: string; amount_fen: number; terms: string; version: number; current: boolean }
export interface ContactPerson { id: string; name: string; post: string; phone: string; email: string; main: boolean; note: string; version: number }
export interface Call { id: string; kind: string; at: string; text: string; next_date: string; staff: string }
export interface OrganizationCard extends Organization { contracts: Contract[]; contacts: ContactPerson[]; calls: Call[] }
export interface Member { patient_id: string; organization_id: string; role: string; number: string; unit: string; valid_from: string; valid_to: string; version: number; former: boolean }
export interface MemberRow extends Member { patient: Brief }
export interface Belonging extends Member { name: string; kind: string }
export interface OrganizationInput { kind: string; code?: string; name: string; address?: string; phone?: string; note?: string; owner_id?: string; version?: number }
export interface MemberInput { role?: string; number?: string; unit?: string; valid_from?: string; valid_to?: string }
export interface Roll { added: number; already: number; missing: { line: number; number: string; verdict: string }[] }

declare module '../ops' {
  interface Ops {
    'POST /api/v1/organizations/search': { body: { text?: string; kind?: string; limit?: number; cursor?: string }; res: Page<Organization> }
    'GET /api/v1/organizations/{id}': { path: { id: string }; res: OrganizationCard }
    'POST /api/v1/organizations': { body: OrganizationInput; res: OrganizationCard }
    'PUT /api/v1/organizations/{id}': { path: { id: string }; body: OrganizationInput; res: unknown }
    'DELETE /api/v1/organizations/{id}': { path: { id: string }; res: unknown }
    'POST /api/v1/organizations/{id}/restore': { path: { id: string }; res: unknown }
    'POST /api/v1/organizations/{id}/contracts': { path: { id: string }; body: Partial<Contract>; res: unknown }
    'DELETE /api/v1/organizations/{id}/contracts/{contract_id}': { path: { id: string; contract_id: string }; res: unknown }
    'POST /api/v1/organizations/{id}/contacts': { path: { id: string }; body: Partial<ContactPerson>; res: unknown }
    'DELETE /api/v1/organizations/{id}/contacts/{contact_id}': { path: { id: string; contact_id: string }; res: unknown }
    'POST /api/v1/organizations/{id}/calls': { path: { id: string }; body: { kind: string; text: string; at?: string; next_date?: string }; res: unknown }
    'POST /api/v1/organizations/{id}/members/search': { path: { id: string }; body: { text?: string; former?: boolean; limit?: number; cursor?: string }; res: Page<MemberRow> }
    'POST /api/v1/organizations/{id}/members': { path: { id: string }; body: { numbers: string } & MemberInput; res: Roll }
    'PUT /api/v1/organizations/{id}/members/{patient_id}': { path: { id: string; patient_id: string }; body: MemberInput; res: unknown }
    'DELETE /api/v1/organizations/{id}/members/{patient_id}': { path: { id: string; patient_id: string }; res: unknown }
    'GET /api/v1/patients/{id}/organizations': { path: { id: string }; res: { items: Belonging[] } }
  }
}
