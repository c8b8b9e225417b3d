import { defineConfig } from 'vite'
import react from '@vitejs/plugin-react'
import { precompress, target } from './vite.shared.ts'

// The staff pages: React and Ant Design. The API runs on 8080 while these pages are developed.
export default defineConfig({
  plugins: [react(), precompress()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target,
    cssTarget: target,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: { staff: 'index.html' } },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': process.env.RENXIN_API ?? 'http://127.0.0.1:8080', '/signin': process.env.RENXIN_API ?? 'http://127.0.0.1:8080' } },
})
