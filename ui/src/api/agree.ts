import type { Ops as Served } from './gen'
import type { Ops } from './ops'

// What the pages call must be what the server serves. A path that is gone or renamed, an answer that lacks a field or has
// another type, and a body the server does not take each fail the type check here. The contract may know more than the
// server's types tell, such as which words a string can be.

type Gone = Exclude<keyof Ops, keyof Served>

/** Widen forgets what only the contract knows: literal words and optional marks. */
type Widen<T> = unknown extends T ? unknown
  : T extends string ? string
  : T extends number ? number
  : T extends boolean ? boolean
  : T extends (infer U)[] ? Widen<U>[]
  : T extends object ? { [K in keyof T]: Widen<T[K]> }
  : T

/** Loose is what the server takes: every field may be left out, at every depth. */
type Loose<T> = T extends (infer U)[] ? Loose<U>[] : T extends object ? { [K in keyof T]?: Loose<T[K]> | null } : T

type Both = keyof Ops & keyof Served
type Wrong = { [K in Both]: Ops[K] extends { res: infer R } ? (R extends void ? never : Served[K]['res'] extends Widen<R> ? never : K) : never }[Both]
type Refused = { [K in Both]: Ops[K] extends { body: infer B } ? (B extends FormData ? never : Widen<B> extends Loose<Served[K]['body']> ? never : K) : never }[Both]

export const agreed: [Gone | Wrong | Refused] extends [never] ? true : Gone | Wrong | Refused = true
