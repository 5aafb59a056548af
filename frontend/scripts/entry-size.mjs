// Fails when what the browser must load before the first page, gzipped, is more than slow networks bear.
import { readFileSync, existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const LIMIT_KB = 45
const dist = new URL('../dist/', import.meta.url)
const manifestFile = new URL('.vite/manifest.json', dist)
if (!existsSync(manifestFile)) {
  console.error('frontend/dist is missing: run `npm run build` first')
  process.exit(1)
}
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'))
const seen = new Set()
function collect(key) {
  if (seen.has(key)) return
  seen.add(key)
  for (const next of manifest[key].imports ?? []) collect(next)
}
collect('index.html')
let bytes = 0
for (const key of seen) bytes += gzipSync(readFileSync(new URL(manifest[key].file, dist))).length
const kb = bytes / 1024
console.log(`entry JavaScript: ${kb.toFixed(1)} KB gzipped, limit ${LIMIT_KB} KB`)
process.exit(kb > LIMIT_KB ? 1 : 0)
