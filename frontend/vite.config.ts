import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const server = process.env.JIEDUI_SERVER ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'chrome88',
    cssTarget: 'chrome88',
    // The polyfill of modulepreload would be an inline script, which the Content-Security-Policy refuses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true,
  },
  server: { proxy: { '/api': server, '/openapi.json': server } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
