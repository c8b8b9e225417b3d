export interface Hook { id: string; feed_id: string; name: string; format: string; path: string; active: boolean; allow: string; issuer: string; systems: Record<string, string>; paths: Record<string, string>; created_at: string; rotated_at: string; seen_at: string; version: number }
export interface HookWithToken extends Hook { token: string }
export interface HookInput { name?: string; format?: string; allow: string; issuer: string; systems: Record<string, string>; paths: Record<string, string>; version?: number }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/intake/hooks': { res: { items: Hook[] } }
    'POST /api/v1/intake/hooks': { body: HookInput; res: HookWithToken }
    'PATCH /api/v1/intake/hooks/{id}': { path: { id: string }; body: HookInput; res: Hook }
    'POST /api/v1/intake/hooks/{id}/rotate': { path: { id: string }; res: HookWithToken }
    'POST /api/v1/intake/hooks/{id}/revoke': { path: { id: string }; res: Hook }
  }
}
