/**
 * Runs the real WeChat build: WeChat's own wcc and exparser (miniprogram-simulate) on jsdom, with a
 * `wx` that records what it is asked.
 */
const path = require('node:path')
const { JSDOM } = require('jsdom')

const dom = new JSDOM('<!doctype html><body></body>', { url: 'https://localhost/', pretendToBeVisual: true })
const GLOBALS = [
  'window', 'document', 'navigator', 'Event', 'CustomEvent', 'MutationObserver', 'Node',
  'HTMLElement', 'Element', 'DocumentFragment', 'Text', 'Comment',
]
for (const name of GLOBALS) {
  const value = name === 'window' ? dom.window : dom.window[name]
  Object.defineProperty(global, name, { value, configurable: true, writable: true })
}
const processes = require('node:child_process')

// The whole app compiled is more than the megabyte that the simulator lets its compiler write.
const { spawnSync } = processes
processes.spawnSync = (file, args, options) => spawnSync(file, args, { ...options, maxBuffer: 64 * 1024 * 1024 })

const simulate = require('miniprogram-simulate')
const exparser = require('miniprogram-exparser')

const SYSTEM = {
  system: 'iOS 17.0', model: 'iPhone 15', brand: 'iPhone', version: '8.0.50', SDKVersion: '3.8.12',
  platform: 'devtools', windowWidth: 375, windowHeight: 667, language: 'zh_CN', pixelRatio: 2, safeArea: {},
}
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Starts the app; `answer(method, path, options)` gives [status, body] for each request. */
exports.boot = (root, answer) => {
  const calls = []
  const store = {}
  const stack = []
  const record = (name, reply) => (options) => {
    calls.push({ name, options })
    setTimeout(() => {
      options?.success?.(reply?.(options) ?? { errMsg: `${name}:ok` })
      options?.complete?.()
    })
    return {}
  }
  const request = (options) => {
    const url = new URL(options.url)
    const [statusCode, data] = answer(options.method, url.pathname.replace('/api/v1', ''), options)
    return { statusCode, data, header: {}, errMsg: 'request:ok' }
  }
  Object.assign(wx, {
    request: record('request', request),
    requestSubscribeMessage: record('requestSubscribeMessage', (options) =>
      Object.fromEntries(options.tmplIds.map((id) => [id, 'accept'])),
    ),
    getSetting: record('getSetting', () => ({ subscriptionsSetting: { mainSwitch: true, itemSettings: { T3: 'reject' } } })),
    openSetting: record('openSetting'),
    login: record('login', () => ({ code: 'wx-code' })),
    requirePrivacyAuthorize: record('requirePrivacyAuthorize'),
    preloadAssets: record('preloadAssets'),
    canIUse: () => true,
    getStorageSync: (key) => store[key] ?? '',
    setStorageSync: (key, value) => void (store[key] = value),
    removeStorageSync: (key) => void delete store[key],
    getSystemInfoSync: () => SYSTEM,
    getWindowInfo: () => SYSTEM,
    getDeviceInfo: () => SYSTEM,
    getAppBaseInfo: () => SYSTEM,
    getLaunchOptionsSync: () => ({}),
    getEnterOptionsSync: () => ({}),
    onAppShow() {},
    onAppHide() {},
    onError() {},
  })
  for (const name of ['navigateTo', 'redirectTo', 'switchTab', 'navigateBack', 'showToast', 'hideTabBar', 'setClipboardData', 'makePhoneCall', 'vibrateLong']) {
    wx[name] = record(name)
  }
  global.Page = (options) => global.Component(options)
  let app
  global.App = (options) => {
    app = options
    options.onLaunch?.({})
  }
  global.getApp = () => app
  global.getCurrentPages = () => stack
  require(path.join(root, 'app.js'))

  /** Opens a page as WeChat would, and waits until it has drawn. */
  async function open(page, query = {}) {
    const component = simulate.render(simulate.load(path.join(root, page), { rootPath: root, compiler: 'official' }))
    const parent = document.createElement('div')
    document.body.append(parent)
    component.attach(parent)
    stack.push(component.instance)
    component.instance.onLoad?.(query)
    component.instance.onShow?.()
    await sleep(120)
    return {
      text: () => component.dom.textContent,
      html: () => component.dom.innerHTML,
      /** Taps what shows these words, however deep in components it is. */
      async tap(words) {
        const holders = [...component.dom.querySelectorAll('*')].filter(
          (node) => node.__wxElement && node.textContent.includes(words),
        )
        const found = holders.at(-1)
        if (!found) throw new Error(`${page}: nothing says ${words}`)
        const options = { bubbles: true, capturePhase: true, composed: true, extraFields: { touches: {}, changedTouches: {} } }
        exparser.Event.dispatchEvent(found.__wxElement, exparser.Event.create('tap', {}, options))
        await sleep(200)
      },
      close() {
        component.instance.onHide?.()
        component.instance.onUnload?.()
        stack.pop()
        component.detach()
      },
    }
  }
  return { calls, store, open, sleep, requests: () => calls.filter((call) => call.name === 'request').map((call) => call.options) }
}
