import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {Hospital, type Page} from './lib/hospital'
import {serious, shot} from './lib/axe'

// RENXIN_IMPORT_ROWS=100000 watches a large file; the usual run takes a small one.
const rows = Number(process.env.RENXIN_IMPORT_ROWS ?? 3000)
const patience = 60_000 + rows * 6

const h = new Hospital()
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'renxin-import-'))
let manager: Page
let english: Page

beforeAll(async () => {
  await h.open()
  manager = await h.person('wu')
  english = await h.person('wu', {locale: 'en-US', width: 390, height: 844})
})
afterAll(async () => {
  await h.close()
  fs.rmSync(dir, {recursive: true, force: true})
})

function file(name: string, text: string): string {
  const at = path.join(dir, name)
  fs.writeFileSync(at, text)
  return at
}

/** crowd is a table of n different persons; some numbers are damaged. The stays are old, so that no reminder leaves, which would keep a patient. */
function crowd(n: number, first: number): string {
  const out = ['病人ID,姓名,性别,出生日期,联系电话,地址,科室,入院日期,出院日期']
  for (let i = first; i < first + n; i++) {
    const phone = i % 500 === 7 ? '1.39E+10' : i % 500 === 9 ? '12345' : '154' + String(20000000 + i)
    const name = '甲' + String.fromCharCode(0x4e00 + (i * 37) % 6000) + String.fromCharCode(0x5e00 + (i * 11) % 3000)
    const stay = i % 3 === 0 ? `2024-10-${String(1 + i % 20).padStart(2, '0')},2024-11-${String(1 + i % 20).padStart(2, '0')}` : ','
    out.push(`E${i},${name},${i % 2 ? '男' : '女'},${1935 + i % 80}-${String(1 + i % 12).padStart(2, '0')}-${String(1 + i % 28).padStart(2, '0')},${phone},济南市历下区文路${i}号,妇科,${stay}`)
  }
  return out.join('\n') + '\n'
}

async function eventually<T>(what: string, look: () => Promise<T | undefined | false>, ms = patience): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const v = await look()
    if (v) return v
    if (Date.now() > end) throw new Error('in vain: ' + what)
    await new Promise((r) => setTimeout(r, 200)) // asks a live server again; nothing depends on the pause
  }
}

const api = async (method: string, url: string, body?: unknown) => {
  const r = await h.api(manager, method, url, body)
  expect(r.status, `${method} ${url}: ${JSON.stringify(r.data)}`).toBe(200)
  return r.data
}
const runOf = (page: Page) => page.url().split('/').pop()!
const patients = async () => (await api('POST', '/patients/search', {text: '甲'})).total.value as number

/** bring chooses a file and walks to the preview. */
async function bring(page: Page, at: string) {
  await page.goto('/intake')
  await page.setInputFiles('input[type=file]', at)
  await page.waitForURL(/intake\/uploads\//)
}
const forward = (page: Page) => page.locator('.page button.ant-btn-primary').first().click()

describe(`imports on ${h.engine}`, () => {
  test('IN-05 the wizard asks what must not be guessed and shows every row before it writes', async () => {
    await bring(manager, file('ask.csv', '病人ID,姓名,出生日期,联系电话,科室,入院日期\nQ1,王小丽,03/04/1985,15400880001,外星科,2026-10-01\nQ2,李国庆,05/06/1970,12345,妇科,\nQ3,赵敏敏,07/08/1990,1.39E+10,,\nQ1,王小丽,03/04/1985,15400880001,外星科,2026-10-01\n'))
    await manager.getByText('读到的内容').waitFor()
    await forward(manager)
    await manager.getByText('已对应 6 / 6 列').waitFor()
    await forward(manager)
    await manager.getByText('日期怎么读？').waitFor()
    expect(await manager.locator('.page button.ant-btn-primary').first().isDisabled()).toBe(true)
    await manager.reload() // the draft survives
    await manager.getByText('日期怎么读？').waitFor()
    await manager.getByText('日 / 月 / 年').click()
    await manager.getByLabel('对应科室 外星科').click()
    await manager.keyboard.type('不导入')
    await manager.keyboard.press('Enter')
    await forward(manager)
    await manager.getByText('科学计数法').waitFor()
    await manager.getByText('以前收到过完全相同的内容').waitFor()
    expect(await serious(manager)).toEqual([])
    await shot(manager, 'import-preview')
    const found = await api('POST', '/patients/search', {text: '王小丽'})
    expect(found.items).toHaveLength(0)
    await forward(manager)
    await manager.waitForURL(/intake\/runs\//)
    await manager.getByText('已完成 4 / 4').waitFor()
    const list = (await api('GET', `/intake/runs/${runOf(manager)}/rows`)).items
    expect(list.map((r: any) => r.verdict)).toEqual(['new', 'new', 'rejected', 'duplicate'])
    expect(list[1].reason).toContain('电话')
    expect(await serious(manager)).toEqual([])
    await shot(manager, 'import-run')
  })

  test(`IN-05 ${rows} rows are watched to the end, and taken back exactly`, async () => {
    const before = await patients()
    await bring(manager, file('crowd.csv', crowd(rows, 0)))
    for (let i = 0; i < 3; i++) { await manager.waitForFunction(() => !(document.querySelector('.page button.ant-btn-primary') as HTMLButtonElement)?.disabled); await forward(manager) }
    await manager.getByText('预览了前').or(manager.getByText('还没有写入任何内容')).waitFor({timeout: patience})
    const start = Date.now()
    await forward(manager)
    await manager.waitForURL(/intake\/runs\//)
    const id = runOf(manager)
    const run = await eventually('the end of the import', async () => { const r = await api('GET', `/intake/runs/${id}`); return r.state === 'done' && r })
    console.log(`imported ${rows} rows in ${Math.round((Date.now() - start) / 1000)} s, ${Math.round(run.rate)} rows/s`)
    expect(run.done).toBe(rows)
    expect(Object.values(run.counts).reduce((a: any, b: any) => a + b, 0)).toBe(rows)
    await manager.locator('.job').getByText(`${rows.toLocaleString('en-US')} / ${rows.toLocaleString('en-US')}`).waitFor()
    await manager.getByRole('button', {name: '撤回导入'}).click()
    await manager.getByText('位患者', {exact: false}).first().waitFor()
    await shot(manager, 'import-rollback')
    await manager.locator('.ant-modal button.ant-btn-dangerous').click()
    const back = await eventually('the end of the roll-back', async () => { const r = (await api('GET', `/intake/runs/${id}/rollbacks`)).items[0]; return r?.state === 'done' && r })
    console.log('rolled back', JSON.stringify(back))
    expect(back.removed).toBe(run.counts.new)
    expect(back.kept).toBe(0)
    expect(await patients()).toBe(before)
    await manager.getByText('已撤回').first().waitFor()
    await shot(manager, 'import-undone')
    const plans = await api('GET', '/followup/plans?state=active&limit=200')
    expect(plans.items.filter((p: any) => p.patient?.name?.startsWith('甲'))).toEqual([])
  }, patience * 4)

  test('IN-05 an import is stopped at the edge of a part, says what was written, and goes on with the same file', async () => {
    await bring(manager, file('stop.csv', crowd(rows, 500_000)))
    for (let i = 0; i < 4; i++) { await manager.waitForFunction(() => !(document.querySelector('.page button.ant-btn-primary') as HTMLButtonElement)?.disabled); await forward(manager) }
    await manager.waitForURL(/intake\/runs\//)
    const id = runOf(manager)
    await eventually('the first part', async () => (await api('GET', `/intake/runs/${id}`)).done > 0)
    await api('POST', `/intake/runs/${id}/cancel`)
    const run = await eventually('the stop', async () => { const r = await api('GET', `/intake/runs/${id}`); return ['cancelled', 'done'].includes(r.state) && r })
    expect(run.state).toBe('cancelled')
    expect(run.done).toBeLessThan(rows)
    await manager.getByText('已停止：写入了').waitFor()
    await shot(manager, 'import-stopped')
  }, patience * 2)

  test('IN-01 a pasted list becomes an import, in English and on a phone', async () => {
    await english.goto('/intake/paste')
    await english.getByLabel('Paste a list').fill('钱多多 15400990077 男\n孙静静 15400990078 女')
    await english.getByRole('button', {name: 'Read it'}).click()
    await english.waitForURL(/intake\/uploads\//)
    await english.getByText('There is no heading line').waitFor()
    expect(await serious(english)).toEqual([])
    await shot(english, 'import-paste-en')
    expect(await english.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  })

  test('the browser complained about nothing', () => expect(h.problems).toEqual([]))
})
