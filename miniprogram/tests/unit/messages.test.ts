import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NotificationGrant, SubscribeTemplate } from '@/api/types'
import { decline, question, silent, type Known } from '@/lib/consent'
import { linkTarget } from '@/lib/nav'
import InboxPage from '@/packages/account/inbox.vue'
import RemindersPage from '@/packages/account/reminders.vue'
import SettingsPage from '@/packages/account/message-settings.vue'
import { config } from '@/stores/config'
import * as consent from '@/stores/consent'
import { enter, forget } from '@/stores/session'
import { platform } from '#platform'
import { platform as wechat } from '@/platform/weixin'
import { components } from './components'
import links from './message-links.json'
import { server, storage, type Sent } from './setup'
import { fire } from './uni-app-stub'

const DAY = 24 * 3_600_000
const template = (key: string, long_term = false): SubscribeTemplate => ({ key, template_id: `id-${key}`, title: `${key}提醒`, long_term })
const grant = (key: string, part: Partial<NotificationGrant> = {}): NotificationGrant => ({
  key, template_id: `id-${key}`, title: `${key}提醒`, kinds: [], remaining: 0, long_term: false, can_stand: false, waiting: 0, ...part,
})
const known = (part: Partial<Known> = {}): Known => ({
  templates: [template('booked'), template('called'), template('reminder'), template('ticket'), template('council', true)],
  grants: [], kept: null, declined: {}, now: 0, ...part,
})
const keys = (found: SubscribeTemplate[]): string[] => found.map(({ key }) => key)

describe('a message', () => {
  it.each(links.filter(({ link, page }) => link && page))('$link opens the page its card opens', ({ link, page }) => {
    expect(linkTarget(link)).toBe(`/${page}`)
  })
  it.each(links.filter(({ link }) => link))('$link leads somewhere', ({ link }) => {
    expect(linkTarget(link)).not.toBeNull()
  })
})

describe('the question for consent', () => {
  it('names at most three templates, and only those of the moment', () => {
    expect(keys(question(['booked', 'called', 'reminder', 'ticket'], known()))).toEqual(['booked', 'called', 'reminder'])
    expect(keys(question(['ticket', 'unknown'], known()))).toEqual(['ticket'])
  })
  it('never mixes one-time with lasting templates', () => {
    expect(keys(question(['booked', 'council'], known()))).toEqual(['council'])
    const grants = [grant('council', { long_term: true, remaining: 1 })]
    expect(keys(question(['booked', 'council'], known({ grants })))).toEqual(['booked'])
  })
  it('leaves out what is granted already, unless more messages wait than are granted', () => {
    expect(question(['booked'], known({ grants: [grant('booked', { remaining: 1 })] }))).toEqual([])
    expect(keys(question(['reminder'], known({ grants: [grant('reminder', { remaining: 1, waiting: 2 })] })))).toEqual(['reminder'])
  })
  it('does not ask what WeChat keeps as always, nor where its switch is off', () => {
    const kept = { on: true, always: { 'id-booked': 'accept' as const, 'id-called': 'reject' as const } }
    expect(keys(question(['booked', 'called', 'reminder'], known({ kept })))).toEqual(['reminder'])
    expect(question(['reminder'], known({ kept: { on: false, always: {} } }))).toEqual([])
    expect(keys(silent(['booked', 'called', 'reminder'], known({ kept })))).toEqual(['booked'])
  })
  it('rests after a no: three days, two weeks, three months', () => {
    let declined = decline({}, 'ticket', 0)
    const asked = (now: number): boolean => question(['ticket'], known({ declined, now })).length > 0
    expect([asked(DAY), asked(3 * DAY)]).toEqual([false, true])
    declined = decline(declined, 'ticket', 0)
    expect([asked(13 * DAY), asked(14 * DAY)]).toEqual([false, true])
    declined = decline(decline(declined, 'ticket', 0), 'ticket', 0)
    expect([asked(89 * DAY), asked(90 * DAY)]).toEqual([false, true])
  })
})

describe('WeChat', () => {
  it('tells what it keeps, and a switch that was never there counts as on', async () => {
    Object.assign(uni, {
      getSetting: vi.fn((options: { withSubscriptions: boolean; success: (result: unknown) => void }) => {
        expect(options.withSubscriptions).toBe(true)
        options.success({ subscriptionsSetting: { mainSwitch: false, itemSettings: { a: 'accept', b: 'reject' } } })
      }),
    })
    expect(await wechat.subscriptions()).toEqual({ on: false, always: { a: 'accept', b: 'reject' } })
    Object.assign(uni, { getSetting: vi.fn((options: { success: (result: unknown) => void }) => options.success({})) })
    expect(await wechat.subscriptions()).toEqual({ on: true, always: {} })
    expect(await platform.subscriptions()).toBeNull()
  })
  it('opens its own list of messages', async () => {
    const opened = vi.fn((options: { success: (result: unknown) => void }) => options.success({}))
    Object.assign(uni, { openSetting: opened })
    await wechat.openSubscriptionPage()
    expect(opened).toHaveBeenCalledWith(expect.objectContaining({ withSubscriptions: true }))
    await expect(platform.openSubscriptionPage()).rejects.toThrow()
  })
  it('takes a yes with sound as a yes', async () => {
    uni.requestSubscribeMessage = vi.fn((options: { success: (result: unknown) => void }) => options.success({ a: 'acceptWithAudio', b: 'filter' })) as never
    expect(await wechat.subscribe(['a', 'b'])).toEqual({ a: 'accept', b: 'reject' })
  })
})

// ---- pages --------------------------------------------------------------------------------

let grants: NotificationGrant[] = []
let answers: Record<string, unknown> = {}
const sentTo = (path: string, method = 'POST'): Sent[] => server.sent.filter((one) => one.url.includes(path) && one.method === method)

beforeEach(() => {
  grants = [grant('booked'), grant('council', { can_stand: true })]
  answers = {}
  config.value = { subscribe_templates: known().templates } as never
  consent.grants.value = null
  consent.kept.value = null
  enter({ person: { id: 'p', consent_version: 'v', verified: true, elder_mode: false, worker: null } as never, csrf_token: 'c', token: null })
  server.always = (sent) => {
    const path = sent.url.replace(/^.*\/api\/v1/, '').replace(/\?.*/, '')
    const body = answers[`${sent.method} ${path}`] ?? answers[path]
    if (path === '/me/notification-grants' && !body) return { status: 200, body: { items: grants } }
    if (path === '/config') return { status: 200, body: { subscribe_templates: known().templates } }
    if (path === '/session') return { status: 200, body: { person: { id: 'p', worker: null }, csrf_token: 'c' } }
    return { status: 200, body: body ?? { items: [], next_cursor: null } }
  }
})
afterEach(forget)

const show = async (page: unknown, props: Record<string, unknown> = {}) => {
  const wrapper = mount(page as never, { props, global: { components } } as never)
  await fire('show')
  await flushPromises()
  return wrapper
}

describe('hy-remind', () => {
  const remind = (names: string[]) => show(components['hy-remind'], { keys: names, when: '有了答复' })

  it('asks, tells the answer to the server, and does not come up again at once', async () => {
    const wrapper = await remind(['booked'])
    expect(wrapper.text()).toContain('要不要提醒您')
    grants = [grant('booked', { remaining: 1 })]
    await wrapper.findAll('t-button')[1].trigger('click')
    await flushPromises()
    expect(sentTo('notification-grants')[0].data).toEqual({ results: { 'id-booked': 'accept' } })
    expect(wrapper.text()).toContain('好的，会提醒您')
    expect((await remind(['booked'])).text()).toBe('')
  })
  it('remembers a no on this device', async () => {
    const wrapper = await remind(['booked'])
    await wrapper.findAll('t-button')[0].trigger('click')
    expect(wrapper.text()).toContain('不打扰您')
    expect(storage['declined-reminders']).toMatchObject({ booked: { times: 1 } })
    expect((await remind(['booked'])).text()).toBe('')
  })
  it('says that a lasting consent stays until it is taken back', async () => {
    expect((await remind(['council'])).text()).toContain('以后都提醒')
  })
  it('asks nothing when the server does not say what is granted', async () => {
    server.always = () => 'lost'
    expect((await remind(['booked'])).text()).toBe('')
  })
})

it('a tap tops up what WeChat was told always to allow, without a question', async () => {
  consent.grants.value = grants
  consent.kept.value = { on: true, always: { 'id-booked': 'accept' } }
  consent.topUp(['booked', 'called'])
  await flushPromises()
  expect(sentTo('notification-grants')[0].data).toEqual({ results: { 'id-booked': 'accept' } })
  consent.kept.value = null
  consent.topUp(['booked'])
  await flushPromises()
  expect(sentTo('notification-grants')).toHaveLength(1)
})

it('consents are listed with what is left, and taken back after a question', async () => {
  grants = [grant('booked', { remaining: 2, kinds: ['预约成功'] }), grant('council', { long_term: true, remaining: 1, can_stand: true })]
  answers['/me/notification-history'] = { items: [{ id: 'h', at: '2026-11-23T09:00:00+08:00', title: 'booked提醒', text: '您同意了', change: 1 }], next_cursor: null }
  const wrapper = await show(RemindersPage)
  for (const words of ['还能发 2 条', '一直提醒', '用在：预约成功', '您同意了', '全部收回']) expect(wrapper.text()).toContain(words)
  expect(wrapper.find('#grant-council').exists()).toBe(false)
  await wrapper.find('#withdraw-booked').trigger('click')
  answers['POST /me/notification-withdrawals'] = { items: [grant('booked'), grants[1]] }
  const dialog = wrapper.find('[role=dialog]')
  expect(dialog.text()).toContain('收回booked提醒？')
  await dialog.findAll('t-button')[0].trigger('click')
  await flushPromises()
  expect(sentTo('notification-withdrawals')[0].data).toEqual({ template_ids: ['id-booked'] })
  expect(wrapper.text()).toContain('还没同意')
})

it('the settings say what cannot be off and switch the rest', async () => {
  const topic = (on: boolean) => ({
    topic: 'appointments', name: '预约和叫号', always: ['叫号'], optional: ['预约成功'],
    ways: [{ way: 'wechat', name: '微信提醒', can_mute: true, on }, { way: 'sms', name: '短信', can_mute: false, on: true }],
  })
  const homes = { topic: 'homes', name: '住处和委托', always: ['过户完成'], optional: [], ways: [{ way: 'sms', name: '短信', can_mute: false, on: true }] }
  answers['GET /me/message-settings'] = { topics: [topic(true), homes], reach: { wechat: true, sms: false } }
  const wrapper = await show(SettingsPage)
  for (const words of ['总会告诉：叫号', '可以关：预约成功', '都是要紧的事', '没绑手机号']) expect(wrapper.text()).toContain(words)
  expect(wrapper.findAll('[role=switch]')).toHaveLength(1)
  answers['PATCH /me/message-settings'] = { topics: [topic(false), homes], reach: { wechat: true, sms: false } }
  await wrapper.find('#appointments-wechat').trigger('click')
  await flushPromises()
  expect(sentTo('message-settings', 'PATCH')[0].data).toEqual({ topic: 'appointments', way: 'wechat', on: false })
  expect(wrapper.find('#appointments-wechat').attributes('aria-checked')).toBe('false')
})

describe('the inbox and notices to many', () => {
  const message = (id: string, topic: string) => ({ id, kind: 'campaign', topic, topic_text: topic, title: `t-${id}`, body: 'b', created_at: '2026-11-23T09:00:00+08:00', read_at: '2026-11-23T09:01:00+08:00', link: null })
  const inbox = (...items: unknown[]) => {
    config.value = { subscribe_templates: [template('news')] } as never
    grants = [grant('news')]
    answers['/config'] = { subscribe_templates: [template('news')] }
    answers['/messages'] = { items, next_cursor: null, unread: 0, topics: [{ topic: 'news', name: '通知公告', total: 2, unread: 0 }] }
    return show(InboxPage)
  }

  it('asks below the newest one, once, whether WeChat may bring the next', async () => {
    const wrapper = await inbox(message('a', 'life'), message('b', 'news'), message('c', 'news'))
    expect(wrapper.text().match(/要不要提醒您/g)).toHaveLength(1)
    expect(wrapper.text()).toContain('同意一次，发一条')
    expect(wrapper.text().indexOf('要不要提醒您')).toBeGreaterThan(wrapper.text().indexOf('t-b'))
    expect(wrapper.text().indexOf('要不要提醒您')).toBeLessThan(wrapper.text().indexOf('t-c'))
    grants = [grant('news', { remaining: 1 })]
    await wrapper.findAll('t-button')[1].trigger('click')
    await flushPromises()
    expect(sentTo('notification-grants')[0].data).toEqual({ results: { 'id-news': 'accept' } })
    expect(wrapper.text()).toContain('好的，会提醒您')
  })
  it('asks nothing where there is none, or where it was granted', async () => {
    expect((await inbox(message('a', 'life'))).text()).not.toContain('要不要提醒您')
    const asked = inbox(message('b', 'news'))
    grants = [grant('news', { remaining: 1 })]
    expect((await asked).text()).not.toContain('要不要提醒您')
  })
  it('tops up on the tap that opens one where WeChat was told always to allow it', async () => {
    const wrapper = await inbox(message('b', 'news'))
    consent.kept.value = { on: true, always: { 'id-news': 'accept' } }
    await wrapper.find('.card').trigger('click')
    await flushPromises()
    expect(sentTo('notification-grants')[0].data).toEqual({ results: { 'id-news': 'accept' } })
  })
})

it('the inbox narrows to a topic and to what is new, and marks that alone as read', async () => {
  const message = { id: 'm', kind: 'topic_stage', topic: 'council', topic_text: '议事和投票', title: '开始投票', body: '请看', created_at: '2026-11-23T09:00:00+08:00', read_at: null, link: '/topics/t' }
  const topics = [{ topic: 'council', name: '议事和投票', total: 1, unread: 1 }, { topic: 'life', name: '邻里活动', total: 2, unread: 0 }]
  answers['/messages'] = { items: [message], next_cursor: null, unread: 1, topics }
  const wrapper = await show(InboxPage)
  expect(wrapper.text()).toContain('1 条未读')
  const chips = wrapper.findAll('[role=checkbox]')
  await chips[1].trigger('click')
  await flushPromises()
  expect(server.sent.at(-1)?.url).toContain('topic=council')
  answers['POST /messages/read-all'] = { read: 1, unread: 0 }
  await wrapper.find('#read-all').trigger('click')
  await flushPromises()
  expect(sentTo('read-all')[0].data).toEqual({ topic: 'council' })
  await wrapper.find('.card').trigger('click')
  await flushPromises()
  expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/packages/council/topic?id=t' })
})
