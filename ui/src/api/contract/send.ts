/** How a text would go out: what it is after filling, what it costs, and whether the gate lets it pass. */
export interface Preview {
  text: string
  encoding: 'gsm7' | 'ucs2'
  units: number
  parts: number
  per_part: number
  cost_fen: number
  lint: { code: string; text: string; blocking: boolean }[]
  gate: { allowed: boolean; reason: string; not_before: string }
}
export interface ThreadItem { id: string; direction: 'in' | 'out'; text: string; at: string; state: string; actor: string }

declare module '../ops' {
  interface Ops {
    'POST /api/v1/messages/preview': { body: { patient_id: string; text: string; purpose: string }; res: Preview }
    'POST /api/v1/messages': { body: { patient_id: string; contact_id?: string; text: string; purpose: string; not_before?: string }; res: { id: string; state: string } }
    'POST /api/v1/messages/{id}/cancel': { path: { id: string }; res: unknown }
    'GET /api/v1/patients/{id}/thread': { path: { id: string }; res: { items: ThreadItem[] } }
  }
}
