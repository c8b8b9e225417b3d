import type { Ops as Served } from './gen'
import type { Ops } from './ops'

// What the pages call must be what the server serves: a path that is gone or renamed fails the type check here.
type Gone = Exclude<keyof Ops, keyof Served>
export const agreed: [Gone] extends [never] ? true : Gone = true
