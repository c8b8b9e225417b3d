/** Who is signed in, what they may do, and what the pages need to know about the hospital. */
export interface Me {
  id: string
  name: string
  login: string
  locale: string
  role: { id: string; name: string }
  permissions: string[]
  scope: { reach: string; days: number; read_only: boolean }
  department?: { id: string; name: string } | null
  hospital: { name: string; zone: string }
  demo: boolean
  /** The role somebody looks through; every change is refused then. */
  view_as: string
  badges: Partial<Record<'worklist' | 'inbox' | 'review', number>>
}

declare module '../ops' {
  interface Ops {
    'GET /api/v1/me': { res: Me }
    'PUT /api/v1/me/locale': { body: { locale: string }; res: void }
    'PUT /api/v1/me/password': { body: { current: string; next: string }; res: void }
    'POST /api/v1/session/sign-out': { res: void }
    'POST /api/v1/session/view-as': { body: { role_id: string }; res: void }
    'DELETE /api/v1/session/view-as': { res: void }
  }
}
