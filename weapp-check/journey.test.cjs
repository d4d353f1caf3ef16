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
  // What is granted already is asked of the server first.
  for (let turn = 0; turn < 40 && !/要不要提醒您/.test(booked.text()); turn += 1) await app.sleep(50)
  assert.match(booked.text(), /要不要提醒您/)
  assert.equal(last('requestSubscribeMessage'), undefined)
  await booked.tap('提醒我')
  assert.deepEqual(last('requestSubscribeMessage').tmplIds, ['T1', 'T2'])
  const sent = app.requests().find((request) => request.method === 'POST' && request.url.endsWith('/me/notification-grants'))
  assert.deepEqual(sent.data, { results: { T1: 'accept', T2: 'accept' } })
  assert.match(booked.text(), /好的，会提醒您/)
  booked.close()
})

test('the inbox, its settings and the consents are shown, and WeChat opens its own page for them', async () => {
  const inbox = await app.open('packages/account/inbox')
  for (const words of ['1 条未读', '开始投票：换路灯', '去看看', '议事和投票 1']) assert.match(inbox.text(), new RegExp(words))
  inbox.close()
  const settings = await app.open('packages/account/message-settings')
  for (const words of ['总会告诉：叫号', '可以关：预约成功', '都是要紧的事', '没绑手机号']) assert.match(settings.text(), new RegExp(words))
  settings.close()
  const reminders = await app.open('packages/account/reminders')
  for (const words of ['还没同意', '用在：预约成功', '您在微信里选了总是拒绝', '您同意了']) assert.match(reminders.text(), new RegExp(words))
  await reminders.tap('打开微信的消息设置')
  assert.equal(last('openSetting').withSubscriptions, true)
  reminders.close()
})

test('reports, answers and matters of the hotline are shown with what they hold', async () => {
  const shown = {
    'packages/events/event': ['路口路灯不亮', '这件事解决了吗', '灯泡换好了。', '处理好了'],
    'packages/events/mine': ['路口路灯不亮', '请您看看解决了没有'],
    'packages/events/reported': ['收到了', 'E261122-000001-2'],
    'packages/events/map': ['身边的事'],
    'packages/ask/ask': ['找到 2 条', '养老金怎么领', '办事指南'],
    'packages/ask/article': ['已过有效期', '谁能领', '60 岁', '每月', '申请表.pdf', '社会保障卡'],
    'packages/ask/question': ['热线答复您了', '带户口本到社区办', '您先找过「养老金」'],
    'packages/council/home': ['桂香苑', '1 栋 2 单元加装电梯', '还差 3 人联名', '等待社区确认'],
    'packages/council/homes': ['89.35 平方米', '撤回登记'],
    'packages/council/topic': ['到时间自动结束', '通过后按表决办', '落实得怎么样', '不成立', '设计图报审', '官方答复', '没有通过检查', '人工查看中', '稍后检查'],
    'packages/council/vote': ['是否同意按第 2 稿', '投自己的一票', '替别人投', '9 人参加'],
    'packages/council/result': ['通过了', '85.7%', '要达到四分之三', '自己核对'],
    'packages/council/opinions': ['一、二层不应该出钱', 'A 组，10 人', '想到一起的'],
    'packages/council/propose': ['加装电梯', '一句话说是什么事'],
    'packages/council/proof': ['在。第 3 位，共 5 位', '对得上', '表决当中', '看全部 4 个'],
    'packages/council/transfer': ['桂香苑 1-2-301', '新的产权人里有您吗'],
    'packages/council/proxies': ['陈*远的业主票', '请人替我投'],
    'packages/tickets/ticket': ['楼里停水两天', '水管修好了', '事情解决了吗', '今天催过了'],
    'packages/tickets/mine': ['办好了，请您评价', '提问'],
    'packages/tickets/hotline': ['96.4%', '60 件里 57 件', '社保卡丢了怎么办', '公交站加遮雨棚'],
  }
  for (const [page, words] of Object.entries(shown)) {
    const one = await app.open(page, { id: 'a1', home: 'h1', q: page.endsWith('/ask') ? '养老金' : '' })
    await app.sleep(1000)
    for (const part of words) assert.ok(one.text().includes(part), `${page} does not say ${part}: ${one.text().slice(0, 400)}`)
    one.close()
  }
})

test('somebody who is not satisfied is asked for a word first', async () => {
  const one = await app.open('packages/tickets/ticket', { id: 'a1' })
  await app.sleep(200)
  await one.tap('没解决')
  await one.tap('不满意')
  await one.tap('提交评价')
  assert.match(one.text(), /请写一句哪里没做好/)
  assert.ok(!app.requests().some((request) => request.url.endsWith('/ratings')))
  one.close()
})

test('nothing is sent to anyone else, also after launch', async () => {
  await app.sleep(3200)
  assert.ok(!app.calls.some((call) => call.name === 'preloadAssets'), 'the beacon fired')
  assert.ok(app.requests().every((request) => request.url.startsWith('https://api.example.gov.cn/')))
})
