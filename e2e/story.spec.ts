import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {Hospital, type Page} from './lib/hospital'
import {admission, discharge, send, type Discharge} from './lib/mllp'
import {serious, shot} from './lib/axe'

const h = new Hospital()
let nurse: Page
let manager: Page
let admin: Page

// 李春梅 had her LEEP on 14 November; day 10 is tomorrow, and its reminder leaves today.
const patient: Discharge = {
  control: 'E2E1', number: 'E2E0001', name: '李春梅', sex: 'F', birth: '19850312', mobile: '15400990001', visit: 'ZYE2E0001',
  department: ['0305', '妇科'], ward: '12W', doctor: ['1020', '王雅琴'],
  admitted: '20261113080000', discharged: '20261114100000', sentAt: '20261114101500',
  diagnosis: ['N87.100', '宫颈中度上皮内瘤变'], procedure: ['67.3200', '宫颈环形电切术（LEEP刀）', '20261114090000'],
}
let id = '' // her key in the API


beforeAll(async () => {
  await h.open()
  nurse = await h.person('linjing')
  manager = await h.person('wu')
  admin = await h.person('laoqian')
})
afterAll(() => h.close())

async function find(page: Page, text: string) {
  const r = await h.api(page, 'POST', '/patients/search', {text})
  expect(r.status).toBe(200)
  return r.data
}

async function eventually<T>(what: string, look: () => Promise<T | undefined | false>, ms = 15_000): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const v = await look()
    if (v) return v
    if (Date.now() > end) throw new Error('in vain: ' + what)
    await new Promise((r) => setTimeout(r, 100)) // asks a live server again; nothing depends on the pause
  }
}

describe(`the story on ${h.engine}`, () => {
  test('IN-04 the HIS tells of a stay over MLLP and is answered after the commit', async () => {
    for (const m of [admission(patient), discharge(patient)]) expect(await send(h.mllp, m)).toMatch(/MSA\|AA\|E2E1A0[13]/)
    const found = await find(manager, '李春梅')
    expect(found.items).toHaveLength(1)
    id = found.items[0].id
    expect(found.items[0].phone).toBe('154****0001')
    const visits = (await h.api(manager, 'GET', `/patients/${id}/encounters`)).data
    expect(visits.items).toHaveLength(1)
  })

  test('PT-02 sending the batch again changes nothing, and the feed page says so', async () => {
    const before = (await h.api(manager, 'GET', `/patients/${id}/overview`)).data
    for (const m of [admission(patient), discharge(patient)]) expect(await send(h.mllp, m)).toContain('MSA|AA')
    const after = (await h.api(manager, 'GET', `/patients/${id}/overview`)).data
    expect(after.counts).toEqual(before.counts)
    expect(after.plans).toEqual(before.plans)
    const feeds = (await h.api(manager, 'GET', '/intake/feeds')).data.items
    const feed = feeds.find((f: any) => f.kind === 'mllp' && f.duplicate > 0)
    expect(feed, JSON.stringify(feeds)).toBeTruthy()
    await manager.goto('/intake')
    await manager.getByText(feed.name).first().waitFor()
    await shot(manager, 'intake-feeds')
  })

  test('IN-01 a rejected record is repaired and run again alone', async () => {
    const bad = discharge({...patient, control: 'E2EBAD', number: 'E2E0002', name: '', visit: 'ZYE2E0002', mobile: '15400990002', procedure: undefined})
    await send(h.mllp, bad.replace('PID|1||E2E0002^^^HIS^PI', 'PID|1||'))
    const record = await eventually('the rejected record', async () =>
      (await h.api(manager, 'GET', '/intake/records?verdict=rejected')).data.items.find((r: any) => r.control_id?.startsWith('E2EBAD')))
    expect(record.code).toBeTruthy()
    expect(record.reason).toBeTruthy()
    await manager.goto(`/intake/records/${record.id}`)
    await manager.getByText(record.reason).first().waitFor()
    await shot(manager, 'intake-record')
    const fixed = await h.api(manager, 'POST', `/intake/records/${record.id}/repair`, {changes: {'patient.name': '冯秋月', 'patient.outpatient': 'E2E0002'}})
    expect(fixed.status, JSON.stringify(fixed.data)).toBe(200)
    expect((await find(manager, '冯秋月')).items).toHaveLength(1)
  })

  test('FU-01 FU-03 the discharge started the LEEP plan once: days 10, 17, 24, 28 and the review on day 90', async () => {
    const plans = await eventually('the plan', async () => {
      const p = (await h.api(manager, 'GET', `/followup/plans?patient_id=${id}`)).data.items
      return p.some((x: any) => /LEEP/.test(x.template.name ?? x.template)) && p
    })
    const leep = plans.filter((x: any) => /LEEP/.test(x.template.name ?? x.template))
    expect(leep).toHaveLength(1)
    const plan = (await h.api(manager, 'GET', `/followup/plans/${leep[0].id}`)).data
    expect(plan.day0).toBe('2026-11-14')
    expect(plan.steps.map((s: any) => s.original_date)).toEqual(['2026-11-24', '2026-12-01', '2026-12-08', '2026-12-12', '2027-02-12'])
    const review = plan.steps[4]
    expect(review.planned_date >= review.original_date).toBe(true) // spring festival moves it later, never earlier
    await manager.goto(`/followup/plans/${leep[0].id}`)
    await manager.getByText('2026-11-24').first().waitFor()
    await shot(manager, 'followup-plan')
  })

  test('FU-06 SM-03 the due reminder leaves once through the gate, in allowed hours, and its receipt comes back', async () => {
    expect(h.smsc.texts.filter((t) => t.to.endsWith('15400990001'))).toHaveLength(0) // it is 07:00
    await h.later(manager, 150)
    const text = await h.smsc.next((t) => t.to.endsWith('15400990001') && /换药/.test(t.text))
    expect(text.text).toMatch(/【.+】/)
    expect(text.text).toContain('李春梅')
    const message = await eventually('the receipt', async () =>
      (await h.api(manager, 'GET', `/messages?box=sent&patient_id=${id}`)).data.items.find((m: any) => m.state === 'delivered' && /换药/.test(m.text)))
    expect(message.to).toBe('154****0001')
    const totals = (await h.api(manager, 'GET', '/messages/totals')).data
    expect(totals.delivered + totals.failed + totals.unknown + (totals.waiting_receipt ?? totals.accepted ?? 0)).toBe(totals.sent)
    expect(h.smsc.texts.filter((t) => t.to.endsWith('15400990001') && /换药/.test(t.text))).toHaveLength(1)
  })

  test('FU-24 SM-21 her answer “3” is coded, flagged and before its owner’s eyes within five seconds', async () => {
    await nurse.goto('/')
    const asked = h.smsc.texts.find((t) => t.to.endsWith('15400990001') && /换药/.test(t.text))!
    const began = Date.now()
    await h.smsc.reply('15400990001', asked.from, '３')
    await nurse.getByRole('complementary').or(nurse.locator('[class*=dock], [class*=alert]')).getByText(/李春梅/).first().waitFor({timeout: 5000})
    expect(Date.now() - began).toBeLessThan(5000)
    await shot(nurse, 'red-flag')
    const flags = (await h.api(nurse, 'GET', '/followup/worklist?list=flags&who=mine')).data
    const flag = flags.items.find((t: any) => t.patient.id === id)
    expect(flag?.severity).toBe(2)
    const counts = (await h.api(nurse, 'GET', '/followup/worklist/counts?who=mine')).data
    expect(counts.flags).toBe(flags.total.value)
    await nurse.goto('/?list=flags')
    await nurse.getByText('李春梅').first().waitFor()
    await shot(nurse, 'home')
  })

  test('SM-22 PT-12 PT-13 everything stands on her page, newest first', async () => {
    await nurse.goto(`/patients/${id}`)
    await nurse.getByRole('heading', {name: '李春梅', level: 1}).waitFor()
    const events = (await h.api(nurse, 'GET', `/patients/${id}/timeline?limit=100`)).data.items
    const times = events.map((e: any) => e.at)
    expect([...times].sort().reverse()).toEqual(times)
    for (const kind of ['followup', 'message', 'encounter']) expect(events.some((e: any) => e.kind === kind), kind).toBe(true)
    await nurse.getByText(/换药/).first().waitFor()
    await shot(nurse, 'patient')
  })

  test('FU-05 FU-07 PT-36 the flag is worked by keyboard: call, number shown and logged, outcome, next', async () => {
    const flag = (await h.api(nurse, 'GET', '/followup/worklist?list=flags&who=mine')).data.items.find((t: any) => t.patient.id === id)
    await nurse.goto(`/?list=flags&task=${flag.id}`)
    const pane = nurse.getByRole('article', {name: '李春梅'})
    await pane.waitFor()
    expect(await pane.innerText()).not.toContain('15400990001')
    await nurse.keyboard.press('c')
    await pane.getByText(/154 ?0099 ?0001/).first().waitFor()
    await shot(nurse, 'call')
    const trail = (await h.api(manager, 'POST', '/audit/search', {patient_id: id})).data.items
    expect(trail.some((e: any) => /reveal/.test(e.action) && e.actor === '林静')).toBe(true)
    const sheet = (await h.api(nurse, 'GET', `/followup/tasks/${flag.id}`)).data
    await nurse.keyboard.press(String(sheet.outcomes[0].key ?? '1'))
    await eventually('the flag is closed', async () => {
      const left = (await h.api(nurse, 'GET', '/followup/worklist?list=flags&who=mine')).data.items
      return !left.some((t: any) => t.id === flag.id)
    })
  })

  test('PT-30 what must be known before speaking with her stands on her page, in the call card and where somebody writes', async () => {
    expect((await h.api(nurse, 'POST', `/patients/${id}/preferences`, {kind: 'language', value: 'cantonese', note: '只听得懂粤语', severity: 'danger'})).status).toBeLessThan(300)
    const task = (await h.api(nurse, 'POST', '/followup/tasks', {patient_id: id, channel: 'call', title: '问候', note: '问候'})).data
    const shown = async () => { await nurse.getByRole('note', {name: '注意'}).getByText(/只听得懂粤语/).last().waitFor() }
    await nurse.goto(`/patients/${id}`)
    await shown()
    await nurse.keyboard.press('s')
    await nurse.getByRole('dialog').getByRole('note', {name: '注意'}).getByText(/只听得懂粤语/).waitFor()
    await nurse.goto(`/?view=due&task=${task.id}`)
    await nurse.getByRole('article', {name: '李春梅'}).getByRole('note', {name: '注意'}).getByText(/只听得懂粤语/).waitFor()
    await shot(nurse, 'banner')
    await manager.goto('/messages')
    await manager.getByRole('button', {name: /写短信/}).click()
    await manager.getByRole('dialog').getByRole('combobox').first().fill('李春梅')
    await manager.locator('.ant-select-item-option-active').filter({hasText: '李春梅'}).waitFor({state: 'attached'})
    await manager.keyboard.press('Enter')
    await manager.getByRole('dialog').getByRole('note', {name: '注意'}).getByText(/只听得懂粤语/).waitFor()
    await h.api(nurse, 'POST', `/followup/tasks/${task.id}/outcome`, {code: 'well', notes: ''})
  })

  test('FU-14 an ad-hoc follow-up takes three keys and its text', async () => {
    await nurse.goto(`/patients/${id}`)
    await nurse.getByRole('heading', {name: '李春梅', level: 1}).waitFor()
    await nurse.keyboard.press('f')
    await nurse.getByRole('dialog').waitFor()
    await nurse.keyboard.type('问换药后有没有出血')
    await nurse.keyboard.press('Control+Enter')
    await eventually('the task', async () =>
      (await h.api(nurse, 'GET', `/patients/${id}/timeline?kind=followup&limit=50`)).data.items.some((e: any) => JSON.stringify(e).includes('问换药后有没有出血')))
  })

  test('FU-26 notes survive the browser being killed', async () => {
    const task = (await h.api(nurse, 'POST', '/followup/tasks', {patient_id: id, channel: 'call', title: '再问一次', note: '再问一次'})).data
    await nurse.goto(`/?list=due&task=${task.id}`)
    await nurse.getByRole('article', {name: '李春梅'}).waitFor()
    await nurse.keyboard.press('m')
    await nurse.keyboard.type('患者说伤口干燥')
    await eventually('the draft', async () => (await h.api(nurse, 'GET', `/followup/tasks/${task.id}`)).data.draft?.includes('患者说伤口干燥'), 6000)
    await nurse.goto(`/?list=due&task=${task.id}`)
    await eventually('the draft on the page', async () => (await nurse.locator('textarea').first().inputValue()).includes('患者说伤口干燥'))
  })

  test('SM-01 SM-08 a reply that nobody asked for is answered in its thread with the same number', async () => {
    const asked = h.smsc.texts.find((t) => t.to.endsWith('15400990001'))!
    await h.smsc.reply('15400990001', asked.from, '请问可以洗澡吗')
    const reply = await eventually('the reply', async () =>
      (await h.api(manager, 'GET', '/messages/inbox?tab=all')).data.items.find((m: any) => m.text.includes('洗澡')))
    expect(reply.patient.id).toBe(id)
    await manager.goto('/messages')
    await shot(manager, 'messages')
    const seen = h.smsc.texts.length
    const r = await h.api(manager, 'POST', `/messages/inbox/${reply.id}/reply`, {text: '您好，今天可以淋浴，请不要盆浴。'})
    expect(r.status, JSON.stringify(r.data)).toBe(200)
    const out = await h.smsc.next((t) => /淋浴/.test(t.text), seen)
    expect(out.from).toBe(asked.from)
    await h.smsc.reply('15400880000', asked.from.slice(0, 8), '这是谁')
    await eventually('the unmatched tab', async () => (await h.api(manager, 'GET', '/messages/inbox?tab=unmatched')).data.items.some((m: any) => m.text === '这是谁'))
  })

  test('SM-02 SM-04 a text is counted, priced, queued with its time and cancelled', async () => {
    const text = '您好👍' + '复'.repeat(66)
    const p = (await h.api(manager, 'POST', '/messages/preview', {patient_id: id, text, purpose: 'care'})).data
    expect(p.encoding).toBe('ucs2')
    expect(p.parts).toBe(Math.ceil(p.units / (p.units > 70 ? 67 : 70)))
    const sent = await h.api(manager, 'POST', '/messages', {patient_id: id, text: '请明天上午来院复诊。', purpose: 'care', not_before: '2026-11-25T02:00:00Z'})
    expect(sent.status, JSON.stringify(sent.data)).toBe(200)
    const waiting = (await h.api(manager, 'GET', `/messages?box=outbox&patient_id=${id}`)).data.items.find((m: any) => m.id === sent.data.id)
    expect(waiting.eta).toBe('2026-11-25T02:00:00.000Z')
    expect((await h.api(manager, 'POST', `/messages/${sent.data.id}/cancel`)).status).toBe(200)
    expect((await h.api(manager, 'GET', `/messages?box=outbox&patient_id=${id}`)).data.items.some((m: any) => m.id === sent.data.id)).toBe(false)
  })

  test('SY-24 SY-28 she is found by characters, pinyin, initials and the tail of her phone', async () => {
    for (const text of ['春梅', 'lichunmei', 'lcm', '0001', '李 0001']) {
      const r = await h.api(nurse, 'POST', '/patients/pick', {text})
      expect(r.data.items.some((x: any) => x.id === id), text).toBe(true)
    }
    await nurse.goto('/patients')
    await nurse.keyboard.press('/')
    await nurse.keyboard.type('lcm')
    await nurse.getByText('李春梅').first().waitFor()
    await shot(nurse, 'patients')
  })

  test('PT-01 a person is recorded by keyboard, and who may be the same shows while typing', async () => {
    await manager.goto('/patients/new')
    await manager.getByLabel(/姓名/).first().fill('李春梅')
    await manager.keyboard.press('Tab')
    await manager.getByLabel(/手机|号码/).first().fill('15400990001')
    await manager.keyboard.press('Tab')
    await manager.getByText(/疑似重复/).first().waitFor()
    await shot(manager, 'patient-new')
  })

  test('SY-04 SY-05 SY-06 SY-07 four people see what they may', async () => {
    const head = await h.person('wang')
    const auditor = await h.person('zhengqing')
    const totals: Record<string, number> = {}
    for (const [who, page] of [['nurse', nurse], ['head', head], ['manager', manager], ['auditor', auditor]] as const) {
      const r = (await h.api(page, 'POST', '/patients/search', {})).data
      totals[who] = r.total.value
    }
    expect(totals.nurse).toBeLessThan(totals.manager)
    expect(totals.head).toBeLessThan(totals.manager)
    expect((await h.api(auditor, 'PATCH', `/patients/${id}`, {version: 1, note: 'x'})).status).toBe(403)
    expect((await h.api(auditor, 'POST', '/patients/export', {reason: '检查', format: 'csv'})).status).toBe(403)
    expect((await h.api(admin, 'POST', `/patients/${id}/reveal`, {field: 'contact', reason: '看看'})).status).toBe(403)
    await auditor.goto('/patients')
    await auditor.getByRole('heading').first().waitFor()
  })

  test('IN-03 a table is uploaded, mapped, previewed and applied with one verdict per row', async () => {
    const file = path.join(os.tmpdir(), `renxin-e2e-${process.pid}.csv`)
    fs.writeFileSync(file, '姓名,性别,出生日期,手机,门诊号,科室,诊断\n钱小燕,女,1990-05-06,15400990101,MZ990101,妇科,宫颈炎\n周大山,男,1971-01-02,1.54E+10,MZ990102,骨科,腰椎间盘突出\n')
    await manager.goto('/intake')
    await manager.locator('input[type=file]').setInputFiles(file)
    await manager.waitForURL(/\/intake\/uploads\//)
    await manager.getByText('钱小燕').first().waitFor()
    await shot(manager, 'intake-upload')
    const up = manager.url().split('/').pop()!.split('?')[0]
    const upload = (await h.api(manager, 'GET', `/intake/uploads/${up}`)).data
    const mapping = Object.fromEntries(upload.columns.map((c: any) => [c.name, c.field]))
    const preview = (await h.api(manager, 'POST', `/intake/uploads/${up}/preview`, {mapping})).data
    expect(preview.counts.new).toBe(1)
    expect(preview.counts.rejected + preview.counts.review + preview.counts.new).toBe(2)
    expect((await find(manager, '钱小燕')).items).toHaveLength(0) // a preview writes nothing
    const run = (await h.api(manager, 'POST', `/intake/uploads/${up}/apply`, {mapping})).data
    await eventually('the run', async () => /done|finished|ok/.test((await h.api(manager, 'GET', `/intake/runs/${run.run_id}`)).data.state))
    expect((await find(manager, '钱小燕')).items).toHaveLength(1)
    fs.rmSync(file)
  })

  const pages: [string, () => Page, string][] = [
    ['home', () => nurse, '/'], ['patients', () => nurse, '/patients'], ['patient', () => nurse, `/patients/ID`], ['patient-new', () => manager, '/patients/new'],
    ['patient-edit', () => manager, '/patients/ID/edit'], ['patients-review', () => manager, '/patients/review'], ['templates', () => manager, '/followup/templates'],
    ['plans', () => manager, '/followup/plans'], ['groups', () => manager, '/followup/groups'], ['messages', () => manager, '/messages'], ['intake', () => manager, '/intake'],
    ['staff', () => admin, '/staff'], ['settings', () => admin, '/settings'], ['audit', () => admin, '/audit'], ['operations', () => admin, '/operations'], ['demo-phone', () => manager, '/demo/phone'],
    ['regions', () => manager, '/patients/regions'], ['organizations', () => manager, '/organizations'], ['segments', () => manager, '/segments'], ['segment', () => manager, '/segments/new'],
    ['paste', () => manager, '/intake/paste'], ['pull', () => admin, '/intake/pull'], ['calendars', () => admin, '/calendars'], ['downloads', () => manager, '/downloads'],
    ['fields', () => admin, '/fields'], ['dictionaries', () => admin, '/dictionaries'],
  ]
  for (const [name, who, url] of pages) {
    test(`SY-22 ${name} is whole in both languages and clean for axe`, async () => {
      const page = who()
      for (const locale of ['zh-CN', 'en']) {
        expect((await h.api(page, 'PUT', '/me/locale', {locale})).status).toBe(200)
        await page.goto(url.replace('ID', id))
        await page.getByRole('heading', {level: 1}).first().waitFor()
        await page.waitForFunction(() => !document.querySelector('.ant-skeleton, .ant-spin-spinning, [aria-busy=true]'))
        expect(await serious(page), `${name} ${locale}`).toEqual([])
        await shot(page, `${name}-${locale}`)
      }
      await h.api(page, 'PUT', '/me/locale', {locale: 'zh-CN'})
    })
  }

  test('SY-31 nothing complained in the browser, and no periodic work is late', async () => {
    expect(h.problems).toEqual([])
    const o = (await h.api(admin, 'GET', '/operations')).data
    expect(o.dead).toEqual([])
    expect(o.letters).toEqual([])
  })
})
