import fs from 'node:fs'
import path from 'node:path'
import {createRequire} from 'node:module'
import type {Page} from 'playwright-core'

const source = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// serious lists what axe finds serious or critical on the page (WCAG 2.2 A and AA).
export async function serious(page: Page): Promise<string[]> {
  await page.evaluate(source)
  const found = await page.evaluate(() =>
    (window as any).axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}).then((r: any) =>
      r.violations.filter((v: any) => v.impact === 'serious' || v.impact === 'critical').map((v: any) => `${v.id}: ${v.nodes.slice(0, 3).map((n: any) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join(' | ')}`),
    ),
  )
  return found as string[]
}

// shot keeps a picture of the page: in docs/screenshots when asked to (make screenshots), else among the results.
export async function shot(page: Page, name: string) {
  const dir = path.resolve(import.meta.dirname, process.env.RENXIN_SHOTS ? '../../docs/screenshots' : '../results')
  fs.mkdirSync(dir, {recursive: true})
  await page.screenshot({path: path.join(dir, name + '.png')})
}
