import type { Ops } from './ops'
import { language } from '../lib/i18n'
import './contract/session'

/** One refused field: where it is in the body and what to do about it, in the reader's language. */
export interface FieldError { field: string; code?: string; message: string }

/** An RFC 9457 problem as the server writes it. */
export interface Problem {
  status?: number
  code?: string
  title?: string
  detail?: string
  key?: string
  request_id?: string
  fields?: { path?: string; key?: string; detail?: string }[]
  /** On a conflict (409): the row as it stands now. */
  data?: unknown
}

/** ApiError carries the server's problem, so that the screen can show the remedy beside the field. */
export class ApiError extends Error {
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly fields: FieldError[]
  readonly requestId?: string

  constructor(readonly status: number, readonly problem: Problem = {}) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`)
    this.code = problem.code ?? ''
    this.title = problem.title ?? ''
    this.detail = problem.detail ?? ''
    this.requestId = problem.request_id
    this.fields = (problem.fields ?? []).map(f => ({ field: (f.path ?? '').replace(/^body\./, ''), code: f.key, message: f.detail ?? '' }))
  }

  /** What the server says about one field, if anything. */
  field(name: string) { return this.fields.find(f => f.field === name)?.message }
}

/** The network gave no answer at all: nothing is known about what the server did. */
export class OfflineError extends Error {}

export interface Extra { signal?: AbortSignal; idempotencyKey?: string; keepalive?: boolean }
type In<K extends keyof Ops> = Omit<Ops[K], 'res'>
type Empty = Record<string, never>
type Arg<T> = keyof T extends never ? [arg?: Extra] : { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } extends Empty ? [arg?: T & Extra] : [arg: T & Extra]
type Loose = { path?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown } & Extra

/** newKey names one attempt to create something; reuse it when the same attempt is sent again. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16)) // randomUUID needs a secure context
  return Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('')
}

/** call runs one operation; the compiler knows its path, query, body and answer. */
export async function call<K extends keyof Ops>(op: K, ...[arg]: Arg<In<K>>): Promise<Ops[K]['res']> {
  const a = (arg ?? {}) as Loose
  const [method = 'GET', template = ''] = (op as string).split(' ')
  const answer = await request(method, address(template, a), a)
  if (answer.status === 204) return undefined as unknown as Ops[K]['res']
  return (await answer.json()) as Ops[K]['res']
}

/** request is call without types: for uploads (FormData) and downloads (the raw Response). */
export async function request(method: string, url: string, a: { body?: unknown } & Extra = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language() }
  const form = a.body instanceof FormData || a.body instanceof Blob
  if (a.body !== undefined && !form) headers['Content-Type'] = 'application/json'
  if (method === 'POST') headers['Idempotency-Key'] = a.idempotencyKey ?? newKey()
  let answer: Response
  try {
    answer = await fetch(url, { method, headers, credentials: 'same-origin', signal: a.signal, keepalive: a.keepalive, body: a.body === undefined ? undefined : form ? (a.body as BodyInit) : JSON.stringify(a.body) })
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new OfflineError(String(e))
  }
  if (answer.ok) return answer
  if (answer.status === 401) window.dispatchEvent(new Event('renxin:signed-out'))
  throw new ApiError(answer.status, (await answer.json().catch(() => ({}))) as Problem)
}

/** address fills the path template and appends the query; empty values are left out, arrays repeat. */
export function address(template: string, a: Pick<Loose, 'path' | 'query'>): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(a.path?.[name])))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(a.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') query.append(name, String(one))
    }
  }
  const text = query.toString()
  return text ? `${path}?${text}` : path
}
