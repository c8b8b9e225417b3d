import type { Plugin } from 'vite'
import { brotliCompressSync, gzipSync, constants } from 'node:zlib'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Oldest engines the staff pages promise: hospital PCs with Chromium 88 and Safari 14. */
export const target = ['chrome87', 'safari14']

/** Writes .gz and .br beside every text asset, so that the server never compresses while answering. */
export function precompress(): Plugin {
  let out = ''
  const walk = (dir: string) => {
    for (const name of readdirSync(dir)) {
      const path = join(dir, name)
      if (statSync(path).isDirectory()) { walk(path); continue }
      if (!/\.(js|css|svg|json)$/.test(name) || statSync(path).size < 1024) continue
      const body = readFileSync(path)
      writeFileSync(path + '.gz', gzipSync(body, { level: 9 }))
      writeFileSync(path + '.br', brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
    }
  }
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(c) { out = c.build.outDir },
    closeBundle() { walk(out) },
  }
}
