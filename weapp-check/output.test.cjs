/** The files WeChat would be handed: whole, compilable, small, and silent. */
const assert = require('node:assert')
const fs = require('node:fs')
const path = require('node:path')
const { spawnSync } = require('node:child_process')
const test = require('node:test')
const { app, ending, exists, files, pages, read, root, size } = require('./build.cjs')

const MAIN_LIMIT = 1.5 * 1024 * 1024
const WHOLE_LIMIT = 20 * 1024 * 1024

const tool = (name) => {
  const file = path.join(path.dirname(require.resolve('miniprogram-compiler/package.json')), 'bin/linux', name)
  fs.chmodSync(file, 0o755)
  return file
}

test('every page has its files, and four tabs are pages of the main package', () => {
  for (const page of pages) {
    for (const suffix of ['.js', '.json', '.wxml']) assert.ok(exists(page + suffix), page + suffix)
  }
  assert.equal(app.tabBar.list.length, 4)
  for (const tab of app.tabBar.list) assert.ok(app.pages.includes(tab.pagePath), tab.pagePath)
})

test('the tab bar is our own, and WeChat finds the component it wants for that', () => {
  assert.equal(app.tabBar.custom, true)
  for (const suffix of ['.js', '.json', '.wxml']) assert.ok(exists(`custom-tab-bar/index${suffix}`))
})

test('every component that is used exists', () => {
  for (const file of ending('.json')) {
    for (const [name, target] of Object.entries(JSON.parse(read(file)).usingComponents ?? {})) {
      const component = target.startsWith('/') ? target.slice(1) : path.join(path.dirname(file), target)
      assert.ok(exists(`${component}.json`), `${file}: ${name} is not at ${target}`)
    }
  }
})

test("WeChat's own compilers take every template and style", () => {
  const options = { cwd: root, maxBuffer: 1e9 }
  const templates = spawnSync(tool('wcc'), ['-d', ...ending('.wxml')], options)
  assert.equal(templates.status, 0, String(templates.stderr).slice(0, 600))
  const styles = spawnSync(tool('wcsc'), ['-lc', ...ending('.wxss')], options)
  assert.equal(styles.status, 0, String(styles.stderr).slice(0, 600))
  assert.doesNotMatch(String(styles.stderr), /ERR/)
})

test('the main package keeps to 1.5 MB and the whole to 20 MB', () => {
  const packs = (app.subPackages ?? []).map((pack) => `${pack.root}/`)
  const total = (list) => list.reduce((sum, file) => sum + size(file), 0)
  const main = total(files.filter((file) => !packs.some((pack) => file.startsWith(pack))))
  console.log(`# main package ${(main / 1024).toFixed(0)} KB, whole ${(total(files) / 1024).toFixed(0)} KB`)
  assert.ok(main < MAIN_LIMIT && total(files) < WHOLE_LIMIT)
})

test('no beacon and no foreign address is left', () => {
  const allowed = /^https?:\/\/(www\.w3\.org\/|api\.example\.gov\.cn|uniapp\.dcloud\.net\.cn\/tutorial|(cn\.)?vuejs\.org\/)/
  for (const file of files.filter((name) => /\.(js|wxml|wxss|json)$/.test(name))) {
    const text = read(file)
    assert.doesNotMatch(text, /preloadAssets|fromCharCode\(99,100,110/, file)
    for (const address of text.match(/https?:\/\/[\w.-]+[\w/.-]*/g) ?? []) {
      assert.match(address, allowed, `${file} knows ${address}`)
    }
  }
})

test('the privacy prompt and lazy loading are switched on', () => {
  assert.equal(app.lazyCodeLoading, 'requiredComponents')
  assert.equal(app.__usePrivacyCheck__, true)
})
