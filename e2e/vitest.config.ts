import {defineConfig} from 'vitest/config'

// One story after the other: they share a server and move its clock.
export default defineConfig({
  test: {include: ['*.spec.ts'], fileParallelism: false, testTimeout: 60_000, hookTimeout: 240_000, sequence: {concurrent: false}, reporters: ['verbose']},
})
