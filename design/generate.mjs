/**
 * Writes design/tokens.json as CSS for the front ends.
 *
 *   node design/generate.mjs            writes the files
 *   node design/generate.mjs --check    exits 1 when a file is not current
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tokens = JSON.parse(readFileSync(join(root, 'design/tokens.json'), 'utf8'))
const note = '/* Written by design/generate.mjs from design/tokens.json; change it there. */\n'

const block = (selector, entries) =>
  `${selector} {\n${entries.map(([name, value]) => `  --${name}: ${value};`).join('\n')}\n}\n`
const named = (prefix, group, value = (raw) => raw) =>
  Object.entries(group).map(([name, raw]) => [`${prefix}-${name}`, value(raw)])

const shared = [
  ...named('c', tokens.colour),
  ['font', tokens.font.family],
  ['line-height', tokens.font['line-height']],
  ['shadow-card', tokens.shadow.card],
  ['motion', tokens.motion.duration],
]

/** Phone: lengths in rpx; type grows with --k, which elder mode sets. */
function phone() {
  const scaled = (raw) => `calc(${raw}rpx * var(--k))`
  const sizes = [
    ...named('fs', tokens.font.phone, scaled),
    ...named('sp', tokens.space, (raw) => `${raw}rpx`),
    ...named('radius', tokens.radius.phone, (raw) => `${raw}rpx`),
  ]
  // Sizes built on --k are written again under .elder: a custom property is
  // computed where it is declared, so the page's own would keep the old --k.
  const normal = [['k', tokens.scale.normal], ['target', tokens.target.normal], ...shared, ...sizes]
  const elder = [
    ['k', tokens.scale.elder],
    ['target', tokens.target.elder],
    ...named('fs', tokens.font.phone, scaled),
  ]
  return note + block('page, .theme', normal) + block('.elder', elder)
}

/** Console: lengths in px. */
function desk() {
  return (
    note +
    block(':root', [
      ...shared,
      ...named('fs', tokens.font.console),
      ...named('sp', tokens.space, (raw) => `${raw / 2}px`),
      ...named('radius', tokens.radius.console),
      ['target', tokens.target.normal],
    ])
  )
}

const outputs = [
  ['miniprogram/src/styles/tokens.css', phone()],
  ['console/src/styles/tokens.css', desk()],
]

let stale = false
for (const [path, text] of outputs) {
  const file = join(root, path)
  if (process.argv.includes('--check')) {
    const current = existsSync(file) && readFileSync(file, 'utf8') === text
    if (!current) console.error(`${path} is not current: run node design/generate.mjs`)
    stale ||= !current
  } else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
process.exit(stale ? 1 : 0)
