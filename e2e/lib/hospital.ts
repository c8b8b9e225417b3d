import {spawn, execFileSync, type ChildProcess} from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import {chromium, type Browser, type BrowserContext, type Page} from 'playwright-core'
import {Smsc} from './smsc'

export const root = path.resolve(import.meta.dirname, '../..')
const binary = path.join(root, 'bin/renxin')

// password of every demo account is told by the sign-in page; the helper reads it there as a newcomer would.
export class Hospital {
  smsc = new Smsc()
  url = ''
  mllp = 0
  engine = process.env.RENXIN_E2E_PG ? 'postgres' : 'sqlite'
  problems: string[] = [] // what the browser's console complained about
  private child?: ChildProcess
  private browser?: Browser
  private dir = ''
  log = ''

  // open makes a demo hospital, starts the server with its clock at 2026-11-23 07:00 in Shanghai, and a browser.
  async open(options: {patients?: number} = {}): Promise<this> {
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'renxin-e2e-'))
    const env = {...process.env, RENXIN_DATABASE: process.env.RENXIN_E2E_PG ? this.freshDatabase(process.env.RENXIN_E2E_PG) : ''}
    execFileSync(binary, ['demo', '-data', this.dir, '-demo', 'true', '-clock', start, '--patients', String(options.patients ?? 400)], {env, stdio: ['ignore', 'ignore', 'inherit']})
    const [http, mllp] = [await free(), await free()]
    this.mllp = mllp
    this.url = `http://127.0.0.1:${http}`
    const smsc = await this.smsc.listen()
    this.child = spawn(
      binary,
      ['serve', '-data', this.dir, '-demo', 'true', '-clock', start, '-listen', `127.0.0.1:${http}`, '-mllp', `127.0.0.1:${mllp}`,
        '-smpp', `127.0.0.1:${smsc}`, '-smpp-user', 'e2e', '-smpp-password', 'e2e', '-smpp-sender', '10690000', '-log', 'warn'],
      {env, stdio: ['ignore', 'pipe', 'pipe']},
    )
    this.child.stderr!.on('data', (b) => (this.log += b))
    this.child.stdout!.on('data', () => undefined)
    await this.ready()
    this.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    })
    return this
  }

  private freshDatabase(server: string): string {
    const name = `renxin_e2e_${process.pid}_${Date.now()}`
    execFileSync('psql', [server, '-qc', `create database ${name}`])
    const u = new URL(server)
    u.pathname = '/' + name
    return u.toString()
  }

  private async ready() {
    for (let i = 0; i < 300; i++) {
      if (this.child!.exitCode !== null) throw new Error('the server ended: ' + this.log)
      const ok = await fetch(this.url + '/readyz').then((r) => r.ok, () => false)
      if (ok) return
      await new Promise((r) => setTimeout(r, 100)) // waits for a process to listen, not for time to pass
    }
    throw new Error('the server is not ready: ' + this.log)
  }

  // person signs somebody in, in a browser of their own.
  async person(login: string, options: {locale?: string; width?: number; height?: number} = {}): Promise<Page> {
    const context = await this.browser!.newContext({
      locale: options.locale ?? 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce',
      viewport: {width: options.width ?? 1440, height: options.height ?? 900}, baseURL: this.url,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('console', (m) => m.type() === 'error' && this.problems.push(`${login} ${page.url()}: ${m.text()}`))
    page.on('pageerror', (e) => this.problems.push(`${login} ${page.url()}: ${e}`))
    await page.goto('/sign-in')
    const secret = await page.locator('.demo tr', {has: page.locator(`code:text-is("${login}")`)}).locator('code').nth(1).innerText()
    await page.fill('#login', login)
    await page.fill('#password', secret)
    await page.click('button[type=submit]')
    await page.waitForURL((u) => !u.pathname.startsWith('/sign-in'))
    return page
  }

  // api calls the staff API with a person's session, as a program would.
  async api(page: Page, method: string, url: string, body?: unknown): Promise<{status: number; data: any}> {
    const r = await page.context().request.fetch(this.url + '/api/v1' + url, {method, data: body as any, headers: {'Sec-Fetch-Site': 'same-origin'}})
    const text = await r.text()
    return {status: r.status(), data: text && r.headers()['content-type']?.includes('json') ? JSON.parse(text) : text}
  }

  // later moves the hospital's clock forward.
  async later(page: Page, minutes: number) {
    const r = await this.api(page, 'POST', '/demo/clock', {advance_minutes: minutes})
    if (r.status !== 200) throw new Error(`clock: ${r.status} ${JSON.stringify(r.data)}`)
  }

  async close() {
    await this.browser?.close()
    this.smsc.close()
    if (this.child && this.child.exitCode === null) {
      const gone = new Promise((r) => this.child!.once('exit', r))
      this.child.kill('SIGTERM')
      await gone
    }
    fs.rmSync(this.dir, {recursive: true, force: true})
  }
}

// start is Monday 2026-11-23 07:00 in Shanghai, the morning of the storyline.
export const start = '2026-11-23T07:00:00+08:00'

function free(): Promise<number> {
  return new Promise((resolve) => {
    const s = net.createServer().listen(0, '127.0.0.1', () => {
      const {port} = s.address() as net.AddressInfo
      s.close(() => resolve(port))
    })
  })
}

export type {BrowserContext, Page}
