/** A person as search results show one. */
export interface Found { id: string; name: string; sex?: string; birth_date?: string; phone?: string; grade?: string; note?: string }

/** findPeople searches by characters, pinyin, initials, phone tail or number. */
export async function findPeople(_text: string, _limit: number, _signal?: AbortSignal): Promise<Found[]> {
  return []
}
