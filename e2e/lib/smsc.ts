import smpp from 'smpp'

export interface Text {
  from: string
  to: string
  text: string
}

// Smsc is a message centre made of npm smpp, which this project did not write: it takes what is sent, reports it delivered,
// and sends what patients answer.
export class Smsc {
  texts: Text[] = []
  private sessions: any[] = []
  private server: any
  private ids = 0
  private waiting: {match: (t: Text) => boolean; resolve: (t: Text) => void}[] = []

  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.server = smpp.createServer({}, (session: any) => {
        session.on('error', () => undefined) // a closing client is no failure of ours
        session.on('bind_transceiver', (pdu: any) => {
          session.send(pdu.response())
          this.sessions.push(session)
        })
        session.on('enquire_link', (pdu: any) => session.send(pdu.response()))
        session.on('unbind', (pdu: any) => {
          session.send(pdu.response())
          session.close()
        })
        session.on('submit_sm', (pdu: any) => this.take(session, pdu))
      })
      this.server.listen(0, '127.0.0.1', () => resolve(this.server.address().port))
    })
  }

  private parts = new Map<string, string[]>()

  private take(session: any, pdu: any) {
    const id = (++this.ids).toString(16).padStart(8, '0')
    session.send(pdu.response({message_id: id}))
    session.deliver_sm({
      source_addr: pdu.destination_addr,
      destination_addr: pdu.source_addr,
      esm_class: 4,
      short_message: `id:${id} sub:001 dlvrd:001 submit date:2611230900 done date:2611230900 stat:DELIVRD err:000 text:`,
    })
    const body = pdu.short_message
    const udh = body.udh?.find?.((u: Buffer) => u[0] === 0 || u[0] === 8)
    let text: string | undefined = body.message
    if (udh) {
      const [total, part] = [udh[udh.length - 2], udh[udh.length - 1]]
      const key = pdu.destination_addr + udh.subarray(2, udh.length - 2).toString('hex')
      const got = this.parts.get(key) ?? []
      got[part - 1] = body.message
      this.parts.set(key, got)
      text = got.filter(Boolean).length === total ? got.join('') : undefined
    }
    if (text === undefined) return
    const t = {from: pdu.source_addr, to: pdu.destination_addr, text}
    this.texts.push(t)
    this.waiting = this.waiting.filter((w) => !w.match(t) || (w.resolve(t), false))
  }

  // next resolves with the first text, already here or still to come, that matches.
  next(match: (t: Text) => boolean, seen = 0): Promise<Text> {
    const here = this.texts.slice(seen).find(match)
    if (here) return Promise.resolve(here)
    return new Promise((resolve) => this.waiting.push({match, resolve}))
  }

  // reply sends a patient's answer and resolves when our side has acknowledged it, which it does after its commit.
  reply(from: string, to: string, text: string): Promise<void> {
    const session = this.sessions[this.sessions.length - 1]
    return new Promise((resolve, reject) =>
      session.deliver_sm({source_addr: from, destination_addr: to, data_coding: 8, short_message: {message: text}}, (pdu: any) =>
        pdu.command_status === 0 ? resolve() : reject(new Error(`deliver_sm refused: ${pdu.command_status}`)),
      ),
    )
  }

  close() {
    for (const s of this.sessions) s.close()
    this.server?.close()
  }
}
