import type { Offer, Period, SegmentNode, SegmentTree } from '../../../api/contract/segment'

/** Groups carry a local key, so that rows keep their inputs while others move. */
export interface Row extends SegmentNode { id: number; nodes?: Row[] }

let last = 0
export const fresh = () => ++last

/** open gives every node of a stored tree its key; the root is always a group. */
export function open(tree?: SegmentTree): Row {
  const root = tree?.root ?? { op: 'and', nodes: [] }
  return keyed(root.op === 'is' ? { op: 'and', nodes: [root] } : root)
}

const keyed = (n: SegmentNode): Row => ({ ...n, id: fresh(), ...(n.op === 'is' ? {} : { nodes: (n.nodes ?? []).map(keyed) }) }) as Row

/** close drops the keys and what the conditions leave empty. */
export function close(row: Row): SegmentTree { return { v: 1, root: bare(row) } }

function bare(r: Row): SegmentNode {
  if (r.op !== 'is') return { op: r.op, nodes: (r.nodes ?? []).map(bare) }
  const out: SegmentNode = { op: 'is', dim: r.dim }
  if (r.key) out.key = r.key
  if (r.values?.length) out.values = r.values
  if (r.aspect) out.aspect = r.aspect
  if (r.period) out.period = r.period
  if (r.from !== undefined && r.from !== null) out.from = r.from
  if (r.to !== undefined && r.to !== null) out.to = r.to
  if (r.text) out.text = r.text
  return out
}

export const offerOf = (offers: Offer[], n: SegmentNode) => offers.find(o => o.name === n.dim && o.key === (n.key ?? ''))

/** begin makes a condition with what its dimension needs to be chosen first. */
export function begin(o: Offer): Row {
  const r: Row = { id: fresh(), op: 'is', dim: o.name }
  if (o.key) r.key = o.key
  if (o.aspects.length) r.aspect = o.aspects[0]!.value
  if (o.needs.includes('period')) r.period = { kind: 'last', n: 30, unit: 'day' }
  return r
}

/** whole tells whether a condition says enough to be asked. */
export function whole(offers: Offer[], n: SegmentNode): boolean {
  if (n.op !== 'is') return (n.nodes?.length ?? 0) > 0 && n.nodes!.every(k => whole(offers, k))
  const o = offerOf(offers, n)
  if (!o) return false
  if (o.key) return n.aspect === 'filled' || n.aspect === 'empty' || (n.values ?? []).some(v => v !== '')
  const has = { values: !!n.values?.length, period: !!n.period && spanned(n.period), range: (n.from ?? n.to ?? null) !== null, text: !!n.text?.trim() } as Record<string, boolean>
  return o.needs.every(k => has[k]) && (!n.period || spanned(n.period)) && !(n.from != null && n.to != null && n.from > n.to)
}

const spanned = (p: Period) => (p.kind === 'between' ? !!(p.from || p.to) && !(p.from && p.to && p.from > p.to) : p.kind === 'this' || p.kind === 'previous' ? !!p.unit : (p.n ?? 0) > 0 && !!p.unit)

/** change replaces the node of a key anywhere below. */
export function change(root: Row, id: number, fn: (r: Row) => Row | undefined): Row {
  if (root.id === id) return fn(root) ?? root
  if (!root.nodes) return root
  return { ...root, nodes: root.nodes.flatMap(k => { if (k.id !== id) return [change(k, id, fn)]; const next = fn(k); return next ? [next] : [] }) }
}

export const conditions = (n: SegmentNode): number => (n.op === 'is' ? 1 : (n.nodes ?? []).reduce((sum, k) => sum + conditions(k), 0))
