/** The compiled pages at work: guide, sign-in, booking, consent, the place in the queue. */
const assert = require('node:assert')
const test = require('node:test')
const { root, pages } = require('./build.cjs')
const { district } = require('./fixtures.cjs')
const { boot } = require('./mp.cjs')

const app = boot(root, district())
const last = (name) => app.calls.filter((call) => call.name === name).at(-1)?.options

test('every page opens without an error', async () => {
  const errors = []
  const original = console.error
  console.error = (...words) => errors.push(words.map(String).join(' '))
  try {
    for (const page of pages) {
      const shown = await app.open(page, { id: page.includes('hall') ? 'h1' : page.includes('item') ? 'i1' : 'a1', item: 'i1', code: 'e1', name: '社保' })
      shown.close()
    }
  } finally {
    console.error = original
  }
  assert.deepEqual(errors, [])
})

test('home shows the district, the services and the life events', async () => {
  const home = await app.open('pages/home/home')
  for (const words of ['南屿市 岭川区', '社会保障', '我要退休', '首页', '我的']) assert.match(home.text(), new RegExp(words))
  home.close()
})

test('the guide leads to booking, and booking to sign-in with the choice kept', async () => {
  const guide = await app.open('packages/catalogue/item', { id: 'i1' })
  assert.match(guide.text(), /社会保障卡挂失\/补领/)
  assert.match(guide.text(), /居民身份证/)
  await guide.tap('预约办理')
  assert.equal(last('navigateTo').url, '/packages/appointments/book?item=i1')
  guide.close()

  const book = await app.open('packages/appointments/book', { item: 'i1' })
  await app.sleep(300)
  await book.tap('9:30-10:00')
  await book.tap('下一步')
  assert.equal(last('navigateTo').url, '/packages/account/sign-in?verify=1')
  assert.equal(app.store['draft:book:i1'].value.slot, 's1')
  book.close()
})

test('signing in asks for consent first, then takes the code from WeChat', async () => {
  const page = await app.open('packages/account/sign-in', { verify: '1' })
  await page.tap('微信一键登录')
  assert.match(page.text(), /先看一下隐私政策/)
  assert.ok(!app.requests().some((request) => request.url.endsWith('/sessions/wechat')))
  await page.tap('同意并继续')
  await app.sleep(200)
  const sent = app.requests().find((request) => request.url.endsWith('/sessions/wechat'))
  assert.deepEqual(sent.data, { code: 'wx-code', channel: 'weixin' })
  assert.equal(app.store.token, 'bearer-token')
  assert.ok(app.calls.some((call) => call.name === 'requirePrivacyAuthorize'))
  page.close()
})

test('the kept choice is booked once it is confirmed', async () => {
  const book = await app.open('packages/appointments/book', { item: 'i1' })
  await app.sleep(400)
  await book.tap('下一步')
  assert.match(book.text(), /核对一下/)
  await book.tap('确认预约')
  const sent = app.requests().find((request) => request.method === 'POST' && request.url.endsWith('/appointments'))
  assert.deepEqual(sent.data, { slot_id: 's1', item_id: 'i1' })
  assert.match(sent.header['Idempotency-Key'], /^[0-9a-f-]{36}$/)
  assert.equal(last('redirectTo').url, '/packages/appointments/booked?id=a1')
  book.close()
})

test('requests carry https, an idempotency key for changes, and the bearer token once signed in', async () => {
  const ticket = await app.open('packages/appointments/ticket', { id: 'a1' })
  assert.match(ticket.text(), /前面 3 人，约 12 分钟/)
  assert.match(ticket.text(), /S012/)
  const sent = app.requests().at(-1)
  assert.match(sent.url, /^https:\/\//)
  assert.equal(sent.header.Authorization, 'Bearer bearer-token')
  const before = app.requests().length
  await app.sleep(2300)
  const polls = app.requests().slice(before).filter((request) => request.url.endsWith('/appointments/a1'))
  assert.ok(polls.length >= 1 && polls.length <= 3, `${polls.length} polls in 2.3 s`)
  ticket.close()
  await app.sleep(100)
  const after = app.requests().length
  await app.sleep(1500)
  assert.equal(app.requests().length, after, 'a closed page keeps asking')
})

test('the subscribe question is asked on a tap, and the answer is handed over', async () => {
  const booked = await app.open('packages/appointments/booked', { id: 'a1' })
  assert.match(booked.text(), /要不要提醒您/)
  assert.equal(last('requestSubscribeMessage'), undefined)
  await booked.tap('提醒我')
  assert.deepEqual(last('requestSubscribeMessage').tmplIds, ['T1', 'T2'])
  const sent = app.requests().find((request) => request.url.endsWith('/me/notification-grants'))
  assert.deepEqual(sent.data, { results: { T1: 'accept', T2: 'accept' } })
  assert.match(booked.text(), /好的，会提醒您/)
  booked.close()
})

test('nothing is sent to anyone else, also after launch', async () => {
  await app.sleep(3200)
  assert.ok(!app.calls.some((call) => call.name === 'preloadAssets'), 'the beacon fired')
  assert.ok(app.requests().every((request) => request.url.startsWith('https://api.example.gov.cn/')))
})
