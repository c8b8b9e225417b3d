import { open } from './stream'

// One stream for all tabs of this browser: HTTP/1.1 allows six connections, and each tab would hold one.
const ports = new Set<MessagePort>()
let up = false
let started = false

const tell = (m: unknown) => ports.forEach(p => p.postMessage(m))

const scope = self as unknown as { onconnect: ((e: MessageEvent) => void) | null }
scope.onconnect = e => {
  const port = e.ports[0]
  if (!port) return
  ports.add(port)
  port.onmessage = m => { if (m.data === 'bye') ports.delete(port) }
  port.postMessage({ up })
  if (started) return
  started = true
  open({ event: event => tell({ event }), up: v => { up = v; tell({ up }) } })
}
