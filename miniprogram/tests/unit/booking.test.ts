import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { appointments, halls } from '@/api'
import type { Entry, Offer } from '@/api/booking'
import { features } from '@/lib/features'
import { secondsLeft } from '@/lib/format'
import { linkTarget } from '@/lib/nav'
import Agent from '@/packages/appointments/agent.vue'
import Agents from '@/packages/appointments/agents.vue'
import Book from '@/packages/appointments/book.vue'
import { shared, together } from '@/packages/appointments/lib/visiting'
import { entryLine, entryPart } from '@/packages/appointments/lib/waiting'
import OfferPage from '@/packages/appointments/offer.vue'
import Reschedule from '@/packages/appointments/reschedule.vue'
import Several from '@/packages/appointments/several.vue'
import StandingPage from '@/packages/appointments/standing.vue'
import VisitPage from '@/packages/appointments/visit.vue'
import Waitlist from '@/packages/appointments/waitlist.vue'
import { drafts } from '@/stores/drafts'
import { enter } from '@/stores/session'
import { components } from './components'
import { server, type Sent } from './setup'
import { fire } from './uni-app-stub'

const me = { id: 'p', name: '王秀兰', verified: true, elder_mode: false }
const hall = { id: 'h1', name: '越和街政务服务中心', address: '和平路 18 号', floor: '3 楼' }
const item = { id: 'i1', name: '补卡' }
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
const DAY = '2099-11-23'
const at = (clock: string, day = DAY) => `${day}T${clock}:00+08:00`
const appointment = {
  id: 'a1', receipt_number: 'A1', query_code: '1', state: 'booked', state_text: '已预约', next_text: '', item, hall,
  start: at('09:00'), end: at('09:30'), can_cancel: true, cancel_deadline: at('07:00'), can_reschedule: true, reschedules_left: 3,
  check_in_code: '1', qr_image: '', materials: [], queue: null, can_rate: false, rating: null, timeline: [], etag: '',
}
const offer: Offer = {
  id: 'o1', kind: 'waitlist', state: 'open', state_text: '等您决定', start: at('10:00'), end: at('10:30'), hall, item,
  made_at: inMinutes(-5), expires_at: inMinutes(10), appointment_id: null, booked_id: null,
}
const entry: Entry = {
  id: 'w1', state: 'waiting', state_text: '候补中', item, hall, date: DAY, earliest: null, latest: '12:00:00', ahead: 2,
  joined_at: inMinutes(-60), can_leave: true, offer: null, version: 1,
}
// Pages that ask again by themselves do not do so here.
vi.stubGlobal('setTimeout', (run: () => void, ms = 0) => {
  if (ms < 1000) queueMicrotask(run)
  return 0
})

// What is not documented yet is shown with the shapes it will have.
Object.assign(features, { agents: true, visits: true, waitlist: true, suggestions: true, standing: true })

let routes: Record<string, (sent: Sent) => unknown>
let looks = 0
let refuseProof = ''

beforeEach(() => {
  looks = 0
  refuseProof = ''
  routes = {
    'GET /session': () => ({ person: me, csrf_token: 'c' }),
    'GET /config': () => ({ hotline: '12345', subscribe_templates: [], hot_words: [] }),
    'GET /items/i1': () => ({ ...item, materials: [] }),
    'GET /halls': () => ({ items: [{ ...hall, waiting_count: 0, wait_minutes: 0 }] }),
    'GET /halls/h1/days': () => ({ items: [
      { date: DAY, weekday_text: '周一', status: 'open', status_text: '可约', remaining: 3 },
      { date: '2099-11-24', weekday_text: '周二', status: 'full', status_text: '约满', remaining: 0 },
      { date: '2099-11-25', weekday_text: '周三', status: 'not_released', status_text: '未放号', remaining: 0, release_at: inMinutes(5) },
    ] }),
    'GET /halls/h1/slots': () => ({ items: [
      { id: 's1', start: at('09:00'), end: at('09:30'), remaining: 1, status: 'open' },
      { id: 's2', start: at('10:00'), end: at('10:30'), remaining: 2, status: 'open' },
    ] }),
    'GET /halls/h1/suggestions': () => ({ items: [{ hall, date: DAY, slot_id: 's2', start: at('10:00'), end: at('10:30'), remaining: 2, why_text: '同一个大厅，早一天' }] }),
    'GET /appointments/a1': () => appointment,
    'GET /slot-offers': () => ({ items: [offer] }),
    'GET /slot-offers/o1': () => offer,
    'GET /waitlist': () => ({ items: [entry] }),
  }
  server.always = (sent) => {
    const path = sent.url.replace('/api/v1', '').split('?')[0]
    const reply = routes[`${sent.method} ${path}`]?.(sent)
    // Each look at times brings another proof.
    const headers: Record<string, string> = /slots$/.test(path) ? { 'X-Booking-Proof': `proof-${(looks += 1)}` } : {}
    if (refuseProof && sent.header['X-Booking-Proof'] === refuseProof) return { status: 409, body: { code: 'look_first' } }
    return reply ? { status: 200, body: reply, headers } : { status: 404, body: { title: '没找到' } }
  }
  enter({ person: me as never, csrf_token: 'c', token: null })
})

async function opened(page: unknown, query: Record<string, string> = {}): Promise<VueWrapper> {
  const shown = mount(page as never, { global: { components } }) as VueWrapper
  await fire('load', query)
  await flushPromises()
  await fire('show')
  await flushPromises()
  return shown
}
async function press(page: VueWrapper, words: string): Promise<void> {
  const found = page.findAll('t-button, [role=button], [role=radio]').find((one) => one.text().includes(words))
  if (!found) throw new Error(`nothing says ${words}: ${page.text()}`)
  await found.trigger('click')
  await flushPromises()
}
const sent = (path: string) => server.sent.filter((one) => one.method === 'POST' && one.url.endsWith(path))

it('moves a booking to another time, and never to the one it has', async () => {
  routes['POST /appointments/a1/reschedule'] = () => ({ ...appointment, start: at('10:00') })
  const page = await opened(Reschedule, { id: 'a1' })
  expect(page.text()).toContain('还能改 3 次')
  await press(page, '9:00-9:30')
  expect(page.text()).toContain('就是现在约的时间')
  await press(page, '10:00-10:30')
  await press(page, '下一步')
  expect(page.text()).toContain('改到这个时间？')
  await press(page, '确认改期')
  expect(sent('/appointments/a1/reschedule').map((one) => one.data)).toEqual([{ slot_id: 's2' }])
  expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/appointments/ticket?id=a1' })
})

it('says why a booking cannot be moved any more', async () => {
  routes['GET /appointments/a1'] = () => ({ ...appointment, can_reschedule: false, reschedules_left: 0 })
  const page = await opened(Reschedule, { id: 'a1' })
  expect(page.text()).toContain('已经改过 3 次')
})

it('sends the proof of having looked with a booking', async () => {
  routes['POST /appointments'] = () => appointment
  const page = await opened(Book, { item: 'i1' })
  await press(page, '10:00-10:30')
  await press(page, '下一步')
  await press(page, '确认预约')
  const [booked] = sent('/appointments')
  expect(booked.data).toEqual({ slot_id: 's2', item_id: 'i1' })
  expect(booked.header['X-Booking-Proof']).toBe('proof-1')
  expect(drafts.load('book:i1')).toBeNull()
})

it('looks again where the proof was refused, and sends the same call with a fresh one', async () => {
  routes['POST /appointments'] = () => appointment
  refuseProof = 'proof-1'
  const page = await opened(Book, { item: 'i1' })
  await press(page, '10:00-10:30')
  await press(page, '下一步')
  await press(page, '确认预约')
  const tries = sent('/appointments')
  expect(tries.map((one) => one.header['X-Booking-Proof'])).toEqual(['proof-1', 'proof-2'])
  expect(new Set(tries.map((one) => one.header['Idempotency-Key'])).size).toBe(1)
  expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/appointments/booked?id=a1' })
})

it('uses each proof for one call', async () => {
  await halls.slots('h1', 'i1', DAY)
  routes['POST /appointments'] = () => appointment
  await appointments.book({ slot_id: 's1', item_id: 'i1' }, 'key-1')
  await appointments.book({ slot_id: 's1', item_id: 'i1' }, 'key-1')
  await appointments.book({ slot_id: 's2', item_id: 'i1' }, 'key-2')
  expect(sent('/appointments').map((one) => one.header['X-Booking-Proof'])).toEqual(['proof-1', 'proof-1', 'proof-2'])
})

it('offers to wait for a place of a full day, and another time in its stead', async () => {
  routes['POST /waitlist'] = () => entry
  const page = await opened(Book, { item: 'i1' })
  await press(page, '11月24日')
  expect(page.text()).toContain('同一个大厅，早一天')
  await press(page, '候补这一天')
  await press(page, '上午')
  await press(page, '开始候补')
  const [joined] = sent('/waitlist')
  expect(joined.data).toEqual({ hall_id: 'h1', item_id: 'i1', date: '2099-11-24', earliest: null, latest: '12:00' })
  expect(joined.header['X-Booking-Proof']).toMatch(/^proof-\d$/)
  expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/appointments/waiting?id=w1' })
  await press(page, '同一个大厅')
  expect(page.find('.slot.on').text()).toContain('10:00-10:30')
})

it('counts down to the moment when the places of a day come', async () => {
  const page = await opened(Book, { item: 'i1' })
  await press(page, '11月25日')
  expect(page.text()).toContain('放号')
  expect(page.text()).toMatch(/[45] 分 \d+ 秒/)
})

it('takes a kept place with one tap', async () => {
  routes['POST /slot-offers/o1/accept'] = () => appointment
  const page = await opened(OfferPage, { id: 'o1' })
  expect(page.text()).toContain('轮到您了')
  await press(page, '就要这个时间')
  expect(sent('/slot-offers/o1/accept')).toHaveLength(1)
  expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/appointments/booked?id=a1' })
})

it('lists what is kept before what is waited for', async () => {
  const page = await opened(Waitlist)
  expect(page.text()).toContain('给您留着')
  expect(page.text()).toContain('前面还有 2 人')
  expect(page.text()).toContain('12:00 以前')
})

it('words what is waited for, and knows where its messages lead', () => {
  expect(entryLine({ ...entry, ahead: 0 })).toContain('最前面')
  expect(entryPart({ earliest: '12:00', latest: null })).toBe('，12:00 以后')
  const now = new Date('2026-11-22T20:00:00+08:00')
  expect(secondsLeft('2026-11-22T20:09:20+08:00', now)).toBe('9 分 20 秒')
  expect(secondsLeft('2026-11-22T20:00:05+08:00', now)).toBe('5 秒')
  expect(secondsLeft('2026-11-22T19:00:00+08:00', now)).toBe('')
  expect(linkTarget('/slot-offers/o1')).toBe('/packages/appointments/offer?id=o1')
  expect(linkTarget('/waitlist/w1')).toBe('/packages/appointments/waiting?id=w1')
  expect(linkTarget('/waitlist')).toBe('/packages/appointments/waitlist')
})

const consent = {
  id: 'c1', role: 'agent', other_name: '王*国', item: null, relation: '子女', state: 'given', state_text: '已同意', way: 'online',
  until: '2099-12-31', asked_at: inMinutes(-60), can_answer: false, can_withdraw: true, version: 1,
}
const visit = {
  id: 'v1', kind: 'items', appointments: [
    { ...appointment, visit: { id: 'v1', kind: 'items', count: 2 } },
    { ...appointment, id: 'a2', item: { id: 'i2', name: '换证' }, start: at('09:30'), end: at('10:00'), visit: { id: 'v1', kind: 'items', count: 2 } },
  ],
}

it('books for somebody who let me, alone or together with myself', async () => {
  routes['GET /agent-consents'] = () => ({ items: [consent, { ...consent, id: 'c2', state: 'asked', other_name: '李*' }, { ...consent, id: 'c3', item: { id: 'other', name: '别的' }, other_name: '赵*' }] })
  routes['POST /appointments'] = () => appointment
  routes['POST /visits'] = () => ({ ...visit, kind: 'group' })
  const page = await opened(Book, { item: 'i1' })
  expect(page.text()).not.toContain('李*')
  expect(page.text()).not.toContain('赵*')
  const choose = (words: string) => page.findAll('[role=checkbox]').find((one) => one.text().includes(words))?.trigger('click')
  await choose('王*国')
  expect(page.text()).toContain('只剩 1 个')
  await press(page, '10:00-10:30')
  await press(page, '下一步')
  expect(page.text()).toContain('王秀兰、王*国')
  await press(page, '确认预约')
  expect(sent('/visits')[0].data).toEqual({ kind: 'group', parts: [{ item_id: 'i1', slot_id: 's2', consent_id: null }, { item_id: 'i1', slot_id: 's2', consent_id: 'c1' }] })
  expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/appointments/visit?id=v1' })

  const other = await opened(Book, { item: 'i1' })
  await flushPromises()
  const boxes = () => other.findAll('[role=checkbox]')
  await boxes()[1].trigger('click')
  await boxes()[0].trigger('click')
  await press(other, '9:00-9:30')
  await press(other, '下一步')
  await press(other, '确认预约')
  expect(sent('/appointments').at(-1)?.data).toEqual({ slot_id: 's1', item_id: 'i1', consent_id: 'c1' })
})

it('asks for leave to act for another, and takes it back', async () => {
  routes['POST /agent-consents'] = () => ({})
  const page = await opened(Agent, { role: 'agent', item: 'i1', name: '补卡' })
  await press(page, '请他同意')
  expect(page.text()).toContain('请写他的姓名')
  const type = (id: string, value: string) => page.find(`#${id}`).element.dispatchEvent(Object.assign(new Event('input'), { detail: { value } }))
  type('name', '王建国')
  type('phone', '13800000001')
  await press(page, '请他同意')
  expect(sent('/agent-consents')[0].data).toMatchObject({ role: 'agent', name: '王建国', phone: '13800000001', relation: '子女', item_id: 'i1' })
  expect(page.text()).toContain('发出去了')

  routes['GET /agent-consents'] = () => ({ items: [consent, { ...consent, id: 'c4', role: 'principal', state: 'asked', can_answer: true, can_withdraw: false }] })
  routes['POST /agent-consents/c4/answer'] = () => consent
  routes['POST /agent-consents/c1/withdraw'] = () => consent
  const list = await opened(Agents)
  await list.findAll('t-button').find((one) => one.text() === '同意')?.trigger('click')
  expect(list.text()).toContain('随时能收回')
  await list.findAll('t-button').filter((one) => one.text() === '同意').at(-1)?.trigger('click')
  await flushPromises()
  expect(sent('/agent-consents/c4/answer')[0].data).toEqual({ give: true })
  await press(list, '不再代办')
  await list.findAll('t-button').filter((one) => one.text() === '不再代办').at(-1)?.trigger('click')
  await flushPromises()
  expect(sent('/agent-consents/c1/withdraw')).toHaveLength(1)
})

it('finds times one after the other for several items', async () => {
  routes['GET /items'] = () => ({ items: [{ id: 'i2', name: '换证', department_name: '区公安分局', bookable: true }, { id: 'i3', name: '不能约的', department_name: '', bookable: false }], next_cursor: null, note: '' })
  routes['GET /halls/h1/visit-times'] = (one) => (decodeURIComponent(one.url).includes('item_ids=i1,i2') ? { items: [{ start: at('09:00'), end: at('10:00'), parts: [
    { item_id: 'i1', item_name: '补卡', slot_id: 's1', start: at('09:00'), end: at('09:30') },
    { item_id: 'i2', item_name: '换证', slot_id: 's9', start: at('09:30'), end: at('10:00') },
  ] }] } : undefined)
  routes['POST /visits'] = () => visit
  const page = await opened(Several, { item: 'i1' })
  expect(page.text()).toContain('再加一件')
  await page.find('#add').trigger('click')
  page.find('#add-item').element.dispatchEvent(Object.assign(new Event('input'), { detail: { value: '换证' } }))
  await press(page, '找一找')
  expect(page.text()).not.toContain('不能约的')
  await press(page, '区公安分局')
  await press(page, '9:30 换证')
  await press(page, '下一步')
  await press(page, '确认预约')
  expect(sent('/visits')[0].data).toEqual({ kind: 'items', parts: [{ item_id: 'i1', slot_id: 's1', consent_id: null }, { item_id: 'i2', slot_id: 's9', consent_id: null }] })
})

it('shows several bookings together and cancels them together', async () => {
  routes['GET /visits/v1'] = () => visit
  routes['POST /visits/v1/cancel'] = () => visit
  const page = await opened(VisitPage, { id: 'v1' })
  expect(page.text()).toContain('2 件事')
  expect(page.find('#reschedule, [t-id=reschedule]').exists()).toBe(true)
  await press(page, '全部取消')
  await page.findAll('t-button').filter((one) => one.text() === '全部取消').at(-1)?.trigger('click')
  await flushPromises()
  expect(sent('/visits/v1/cancel')).toHaveLength(1)
})

it('moves a family to another time together, where there is room for all of them', async () => {
  const family = { id: 'v1', kind: 'group', appointments: [{ ...appointment, visit: { id: 'v1', kind: 'group', count: 2 } }, { ...appointment, id: 'a2', reschedules_left: 2 }] }
  routes['GET /visits/v1'] = () => family
  routes['POST /visits/v1/reschedule'] = () => family
  const asked = await opened(VisitPage, { id: 'v1' })
  await press(asked, '一起改期')
  expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/packages/appointments/reschedule?visit=v1' })
  const page = await opened(Reschedule, { visit: 'v1' })
  expect(page.text()).toContain('2 个人一起改')
  expect(page.text()).toContain('还能改 2 次')
  // One place is left at nine: too few for two.
  expect(page.findAll('.slot').map((one) => one.classes('open'))).toEqual([false, true])
  await press(page, '10:00-10:30')
  await press(page, '下一步')
  expect(page.text()).toContain('2 个人都改到这个时间')
  await press(page, '确认改期')
  expect(sent('/visits/v1/reschedule').map((one) => one.data)).toEqual([{ parts: [{ appointment_id: 'a1', slot_id: 's2' }, { appointment_id: 'a2', slot_id: 's2' }] }])
  expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/appointments/visit?id=v1' })
})

it('leaves open only the days on which every item has room', () => {
  const day = (date: string, status: string, remaining = 1) => ({ date, weekday_text: '', status, status_text: status, remaining }) as never
  const both = together([[day('1', 'open', 3), day('2', 'open'), day('3', 'open')], [day('1', 'open', 2), day('2', 'full')]])
  expect(both.map(({ status, remaining }) => [status, remaining])).toEqual([['open', 2], ['full', 1], ['closed', 1]])
  expect(shared([[{ id: 'a' }, { id: 'b' }], [{ id: 'b' }]] as never).map(({ id }) => id)).toEqual(['b'])
})

it('tells what counts, and takes an appeal', async () => {
  routes['GET /booking-standing'] = () => ({ missed: [{ appointment_id: 'a9', item_name: '补卡', hall_name: hall.name, start: at('09:00'), state: 'counted', state_text: '计入', can_appeal: true, appeal: '', decision: '' }], counted: 1, most: 3, within_days: 90, banned_until: null })
  routes['POST /missed-appointments/a9/appeal'] = () => ({})
  const page = await opened(StandingPage)
  expect(page.text()).toContain('有 1 次约了没去')
  await press(page, '有原因')
  page.find('#appeal').element.dispatchEvent(Object.assign(new Event('input'), { detail: { value: '在医院' } }))
  await flushPromises()
  await press(page, '提交申诉')
  expect(sent('/missed-appointments/a9/appeal')[0].data).toEqual({ words: '在医院' })
})
