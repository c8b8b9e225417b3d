/** One event of the server's log. */
export interface LiveEvent { id: string; name: string; data: Record<string, unknown> }

/** What a stream tells its page. */
export interface Listener { event: (e: LiveEvent) => void; up: (connected: boolean) => void }

export const streamAddress = '/api/v1/live'

/**
 * open follows the server's event log and never ends by itself. The browser resumes short breaks with
 * Last-Event-ID; after an answer that closes the stream, a new one is opened with the last cursor.
 */
export function open(listener: Listener, address = streamAddress): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = ''
  let wait = 1000
  let closed = false
  const start = () => {
    if (closed) return
    source = new EventSource(last ? `${address}?after=${encodeURIComponent(last)}` : address)
    source.onopen = () => { wait = 1000; listener.up(true) }
    const take = (kind: string) => (m: MessageEvent<string>) => {
      if (m.lastEventId) last = m.lastEventId
      const e = read(kind, m.data, m.lastEventId)
      if (e) listener.event(e)
    }
    source.addEventListener('fact', take('fact'))
    source.addEventListener('pop', take('pop'))
    source.onerror = () => {
      listener.up(false)
      if (source?.readyState !== EventSource.CLOSED) return // the browser tries again by itself
      source.close()
      timer = setTimeout(start, wait)
      wait = Math.min(wait * 2, 30_000)
    }
  }
  start()
  return () => { closed = true; clearTimeout(timer); source?.close() }
}

/** read understands one message: a fact carries its name; a pop is for this person and is named pop.<kind>. */
export function read(kind: string, text: string, id: string): LiveEvent | undefined {
  try {
    const m = JSON.parse(text) as { name?: unknown; kind?: unknown; at?: unknown; body?: Record<string, unknown> }
    const name = kind === 'pop' ? `pop.${String(m.kind)}` : m.name
    return typeof name === 'string' ? { id, name, data: { ...m.body, at: m.at } } : undefined
  } catch { return undefined }
}
