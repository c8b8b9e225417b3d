export interface DemoPhone { number: string; name: string; unread: number; last_text: string; last_at: string }

declare module '../ops' {
  interface Ops {
    'GET /api/v1/demo/phones': { query?: { text?: string }; res: { items: DemoPhone[] } }
    'GET /api/v1/demo/phones/{number}': { path: { number: string }; res: { number: string; name: string; items: { direction: 'in' | 'out'; text: string; at: string }[] } }
    'POST /api/v1/demo/phones/{number}/reply': { path: { number: string }; body: { text: string }; res: unknown }
    'GET /api/v1/demo/clock': { res: { now: string } }
    'POST /api/v1/demo/clock': { body: { advance_minutes: number }; res: { now: string } }
  }
}
