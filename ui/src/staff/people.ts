import { call } from '../api/call'
import type { Match } from '../api/contract/patient'

/** A person as search results show one. */
export interface Found { id: string; name: string; sex?: string; birth_date?: string; phone?: string; grade?: string; note?: string; why?: Match[] }

/** findPeople searches by characters, pinyin, initials, phone tail or number. */
export async function findPeople(text: string, limit: number, signal?: AbortSignal): Promise<Found[]> {
  const { items } = await call('POST /api/v1/patients/pick', { body: { text, limit }, signal })
  return items.map(p => ({ ...p, note: p.hint }))
}
