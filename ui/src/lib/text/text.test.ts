import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(process.cwd(), 'src')

function sources(dir: string): string[] {
  return readdirSync(dir).flatMap(name => {
    const path = join(dir, name)
    if (statSync(path).isDirectory()) return sources(path)
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : []
  })
}

const strip = (code: string) => code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1')

/** The catalogues, the relative dates and the switch that names the other language hold words on purpose. */
const catalogues = (path: string) => path.includes('/lib/text/') || path.endsWith('/lib/format.ts')

test('no Chinese text stands outside the catalogues', () => {
  const stray = sources(root).filter(p => !catalogues(p)).flatMap(p => strip(readFileSync(p, 'utf8')).split('\n').flatMap((line, i) => (/[\u4e00-\u9fff]/.test(line) ? [`${p.slice(root.length)}:${i + 1} ${line.trim().slice(0, 80)}`] : [])))
  expect(stray).toEqual([])
})

test('no English sentence stands in JSX', () => {
  const stray = sources(root).filter(p => p.endsWith('.tsx')).flatMap(p => strip(readFileSync(p, 'utf8')).split('\n').flatMap((line, i) => (/>[^<>{}=]*[A-Za-z]{3,} [A-Za-z]{2,}[^<>{}=]*<\//.test(line) || /(placeholder|title|aria-label|label)="[A-Za-z][^"]* [^"]*"/.test(line) ? [`${p.slice(root.length)}:${i + 1} ${line.trim().slice(0, 80)}`] : [])))
  expect(stray).toEqual([])
})

test('both catalogues have the same keys and the same kinds of values', async () => {
  const shape = (v: unknown): unknown => (typeof v === 'object' && v !== null && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort().map(([k, x]) => [k, shape(x)])) : typeof v)
  const modules = import.meta.glob<Record<string, { zh?: unknown; en?: unknown }>>('./*.ts', { eager: true })
  let areas = 0
  for (const [file, m] of Object.entries(modules)) {
    for (const [name, t] of Object.entries(m)) {
      if (!t?.zh || !t.en) continue
      areas++
      expect(shape(t.en), `${file} ${name}`).toEqual(shape(t.zh))
    }
  }
  expect(areas).toBeGreaterThan(1)
})
