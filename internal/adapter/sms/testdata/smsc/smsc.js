// An independent message centre on npm smpp. It takes orders as JSON lines on stdin and tells events as JSON lines on stdout.
'use strict'
const smpp = require('smpp')
const readline = require('readline')

const mood = { throttle: 0, early: 0, repeat: 0, mute: false, refused: new Set() }
const sessions = new Set()
const torn = new Map()
let submits = 0
let receipts = 0
let nextID = 0xabc000
const tell = event => process.stdout.write(JSON.stringify(event) + '\n')
const every = (n, period) => period > 0 && n % period === 0

const server = smpp.createServer(session => {
  sessions.add(session)
  session.on('close', () => sessions.delete(session))
  session.on('error', () => sessions.delete(session))
  const answer = (pdu, fields) => { if (!mood.mute) session.send(pdu.response(fields)) }
  session.on('bind_transceiver', pdu => {
    const known = pdu.system_id === 'renxin' && pdu.password === 'secret'
    answer(pdu, known ? { system_id: 'node' } : { command_status: smpp.ESME_RBINDFAIL })
  })
  session.on('enquire_link', pdu => answer(pdu))
  session.on('unbind', pdu => { answer(pdu); session.close() })
  session.on('submit_sm', pdu => submit(session, pdu, answer))
})

function submit(session, pdu, answer) {
  if (mood.mute) return
  if (mood.refused.has(pdu.destination_addr)) return answer(pdu, { command_status: smpp.ESME_RINVDSTADR })
  if (every(++submits, mood.throttle)) {
    tell({ event: 'throttled' })
    return answer(pdu, { command_status: smpp.ESME_RTHROTTLED })
  }
  const id = nextID++
  arrive(pdu)
  const accept = () => answer(pdu, { message_id: id.toString(16).toUpperCase().padStart(12, '0') })
  const n = ++receipts
  if (every(n, mood.early)) {
    tell({ event: 'early' })
    receipt(session, pdu, id, accept)
  } else {
    accept()
    receipt(session, pdu, id)
  }
  if (every(n, mood.repeat)) {
    tell({ event: 'repeated' })
    receipt(session, pdu, id)
  }
}

// The receipt speaks decimal while the answer spoke hexadecimal, as jasmin #1050 tells of real centres.
function receipt(session, pdu, id, then) {
  session.deliver_sm({
    source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, esm_class: 4,
    short_message: { message: `id:${id} sub:001 dlvrd:001 submit date:2611230858 done date:2611230859 stat:DELIVRD err:000 text:` }
  }, () => then && then())
}

function arrive(pdu) {
  const udh = pdu.short_message.udh && pdu.short_message.udh[0]
  let text = pdu.short_message.message
  if (udh) {
    const [ref, total, index] = [udh.subarray(2, -2).toString('hex'), udh[udh.length - 2], udh[udh.length - 1]]
    const key = [pdu.source_addr, pdu.destination_addr, ref].join()
    const parts = torn.get(key) || torn.set(key, []).get(key)
    parts[index - 1] = text
    if (parts.filter(p => p !== undefined).length < total) return
    torn.delete(key)
    text = parts.join('')
  }
  tell({ event: 'message', from: pdu.source_addr, to: pdu.destination_addr, text })
}

async function reply(order) {
  const units = order.text
  const ref = order.id & 0xff
  const long = units.length > 70
  const size = long ? 67 : 70
  const total = Math.max(1, Math.ceil(units.length / size))
  for (let i = 0; i < total; i++) { // cuts by units, as bad phones do: a surrogate pair may be torn
    const part = Buffer.from(units.slice(i * size, (i + 1) * size), 'utf16le').swap16()
    const fields = { source_addr: order.from, destination_addr: order.to, data_coding: 8 }
    fields.short_message = long ? { udh: Buffer.from([5, 0, 3, ref, total, i + 1]), message: part } : { message: part }
    if (long) fields.esm_class = 0x40
    while (!(await delivered(fields))) await new Promise(r => setTimeout(r, 20))
  }
  tell({ event: 'replied', id: order.id })
}

function delivered(fields) {
  return new Promise(resolve => {
    const [session] = sessions
    if (!session || !session.deliver_sm(fields, pdu => resolve(pdu.command_status === 0))) resolve(false)
  })
}

readline.createInterface({ input: process.stdin }).on('line', line => {
  const order = JSON.parse(line)
  if (order.do === 'reply') return reply(order)
  if (order.do === 'refuse') mood.refused.add(order.number)
  if (order.do === 'behave') Object.assign(mood, order.mood)
  if (order.do === 'cut') {
    server.close()
    for (const session of sessions) session.destroy()
  }
  tell({ event: 'done', id: order.id })
}).on('close', () => process.exit(0))

server.listen(0, '127.0.0.1', () => tell({ event: 'listening', port: server.address().port }))
