/**
 * Ops lists every operation of the desk API as `METHOD /path` → path, query, body and answer.
 * Each file in contract/ adds its area by declaration merging, so that areas never collide.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface Ops {}

/** A page of a list: next is the cursor of the following page, total is exact only when exact says so. */
export interface Page<T> {
  items: T[]
  next?: string
  total?: { value: number; exact: boolean }
}
