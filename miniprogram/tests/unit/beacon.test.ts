import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { stripRuntime, stripStyles } from '../../vite/no-beacon'

const runtime = join(
  dirname(createRequire(import.meta.url).resolve('@dcloudio/uni-mp-weixin/package.json')),
  'dist/uni.mp.esm.js',
)

it('takes the beacon out of the runtime that is installed', () => {
  const code = readFileSync(runtime, 'utf8')
  expect(code).toContain('wx.preloadAssets(')
  const stripped = stripRuntime(code) as string
  expect(stripped).not.toContain('preloadAsset')
  expect(stripped.length).toBeGreaterThan(code.length - 2500)
})

it('refuses a runtime in which the beacon has moved', () => {
  expect(stripRuntime('function other() {}')).toBeNull()
})

it('leaves no foreign address in styles', () => {
  expect(stripStyles('a{background:url("https://cdn.example/x.png")}b{background:url(data:x)}')).toBe(
    'a{background:none}b{background:url(data:x)}',
  )
  expect(stripStyles('@font-face{font-family:"tdesign-icon";src:url(//cdn.example/t.woff)}c{}')).toBe('c{}')
})
