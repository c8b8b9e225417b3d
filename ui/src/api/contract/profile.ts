export type Severity = 'note' | 'caution' | 'danger'
export interface Preference { id: string; kind: string; value: string; note: string; severity: Severity; valid_until: string; source: string; created_at: string; updated_at: string; version: number; hidden: boolean; against: boolean }
export interface PreferenceKind { code: string; severity: Severity; values: string[]; hours: boolean; clinical: boolean }
export interface PreferenceInput { kind: string; value?: string; note?: string; severity?: Severity; valid_until?: string; version?: number }
/** Where a call about a patient goes, masked. */
export interface Reach { value: string; relation: string; relative_id: string; name: string; verified_at: string | null }
export interface Banner { alert: string; preferences: Preference[]; reach: Reach | null; wrong: boolean }
export interface Membership { id: string; type: string; number: string; valid_from: string; valid_to: string; benefits: string; version: number; state: 'current' | 'coming' | 'expired' }
export interface MembershipInput { type: string; number: string; valid_from?: string; valid_to?: string; benefits?: string; version?: number }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/preference-kinds': { res: { items: PreferenceKind[] } }
    'GET /api/v1/patients/{id}/banner': { path: { id: string }; res: Banner }
    'POST /api/v1/patients/{id}/preferences': { path: { id: string }; body: PreferenceInput; res: { id: string } }
    'PUT /api/v1/patients/{id}/preferences/{preference_id}': { path: { id: string; preference_id: string }; body: PreferenceInput; res: unknown }
    'DELETE /api/v1/patients/{id}/preferences/{preference_id}': { path: { id: string; preference_id: string }; res: unknown }
    'POST /api/v1/patients/{id}/preferences/{preference_id}/restore': { path: { id: string; preference_id: string }; res: unknown }
    'GET /api/v1/patients/{id}/memberships': { path: { id: string }; res: { items: Membership[] } }
    'POST /api/v1/patients/{id}/memberships': { path: { id: string }; body: MembershipInput; res: { id: string } }
    'PUT /api/v1/patients/{id}/memberships/{membership_id}': { path: { id: string; membership_id: string }; body: MembershipInput; res: unknown }
    'DELETE /api/v1/patients/{id}/memberships/{membership_id}': { path: { id: string; membership_id: string }; res: unknown }
    'POST /api/v1/patients/{id}/reach/confirm': { path: { id: string }; res: Reach }
    'POST /api/v1/patients/{id}/reach/unconfirm': { path: { id: string }; body: { verified_at: string | null }; res: Reach }
  }
}
