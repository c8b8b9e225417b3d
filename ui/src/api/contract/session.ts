/** Who is signed in, what they may do, and what the pages need to know about the hospital. */
export interface Session {
  staff: { id: string; name: string; login?: string; department?: string; post?: string }
  permissions: string[]
  hospital: string
  zone: string
  language?: string
  /** Set while somebody looks through another role's eyes; every write is refused then. */
  view_as?: string
}
