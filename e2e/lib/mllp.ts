import net from 'node:net'

// send hands one HL7 message to an MLLP listener and resolves with the acknowledgement's text.
export function send(port: number, message: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(Buffer.concat([Buffer.from([0x0b]), Buffer.from(message, 'utf8'), Buffer.from([0x1c, 0x0d])])))
    const parts: Buffer[] = []
    socket.on('data', (b) => {
      parts.push(b)
      const all = Buffer.concat(parts)
      if (all.length > 2 && all[all.length - 2] === 0x1c) {
        socket.end()
        resolve(all.subarray(1, -2).toString('utf8'))
      }
    })
    socket.on('error', reject)
    socket.setTimeout(20_000, () => socket.destroy(new Error('no acknowledgement in 20 s')))
  })
}

export interface Discharge {
  control: string
  number: string
  name: string
  sex: 'F' | 'M'
  birth: string
  mobile: string
  visit: string
  department: [code: string, name: string]
  ward?: string
  doctor?: [code: string, name: string]
  admitted: string
  discharged: string
  diagnosis: [code: string, name: string]
  procedure?: [code: string, name: string, at: string]
  sentAt: string
}

// admission and discharge write the two messages a HIS sends about a stay (HL7 v2.4 chapter 3, A01 and A03).
export function admission(d: Discharge): string {
  return adt('A01', d, d.admitted, false)
}

export function discharge(d: Discharge): string {
  return adt('A03', d, d.sentAt, true)
}

function adt(trigger: string, d: Discharge, at: string, closed: boolean): string {
  const pv1 = Array<string>(46).fill('')
  pv1[1] = '1'
  pv1[2] = 'I'
  pv1[3] = `${d.ward ?? ''}^^12^${d.department[0]}`
  pv1[7] = d.doctor ? `${d.doctor[0]}^${d.doctor[1]}` : ''
  pv1[10] = d.department[0]
  pv1[19] = d.visit
  pv1[44] = d.admitted
  pv1[45] = closed ? d.discharged : ''
  const lines = [
    `MSH|^~\\&|HIS|RENAN|RENXIN|RENAN|${at}||ADT^${trigger}|${d.control}${trigger}|P|2.4||||||UNICODE UTF-8`,
    `EVN|${trigger}|${at}`,
    `PID|1||${d.number}^^^HIS^PI||${d.name}||${d.birth}|${d.sex}|||||${d.mobile}`,
    `PV1|${pv1.slice(1).join('|')}`,
  ]
  if (closed) lines.push(`DG1|1||${d.diagnosis[0]}^${d.diagnosis[1]}^ICD10||${d.discharged}|F`)
  if (closed && d.procedure) lines.push(`PR1|1||${d.procedure[0]}^${d.procedure[1]}||${d.procedure[2]}`)
  return lines.join('\r') + '\r'
}
