/** One event of the server's log. */
export interface LiveEvent { id: string; name: string; data: Record<string, unknown> }

/** What a stream tells its page. */
export interface Listener { event: (e: LiveEvent) => void; up: (connected: boolean) => void }

export const streamAddress = '/api/v1/events'

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
    source = new EventSource(last ? `${address}?last_event_id=${encodeURIComponent(last)}` : address)
    source.onopen = () => { wait = 1000; listener.up(true) }
    source.onmessage = m => {
      if (m.lastEventId) last = m.lastEventId
      const e = read(m.data as string, m.lastEventId)
      if (e) listener.event(e)
    }
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

/** read understands one message: {"name": "...", "data": {...}}; anything else is left alone. */
export function read(text: string, id: string): LiveEvent | undefined {
  try {
    const m = JSON.parse(text) as { name?: unknown; type?: unknown; data?: unknown }
    const name = m.name ?? m.type
    if (typeof name !== 'string') return undefined
    return { id, name, data: (typeof m.data === 'object' && m.data !== null ? m.data : m) as Record<string, unknown> }
  } catch { return undefined }
}
