import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import type { Entry, Offer } from '@/api/booking'
import { features } from '@/lib/features'
import { secondsLeft } from '@/lib/format'
import { linkTarget } from '@/lib/nav'
import Book from '@/packages/appointments/book.vue'
import { entryLine, entryPart } from '@/packages/appointments/lib/waiting'
import OfferPage from '@/packages/appointments/offer.vue'
import Reschedule from '@/packages/appointments/reschedule.vue'
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
beforeEach(() => {
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
    'GET /halls/h1/slots': () => ({ proof: 'proof-1', items: [
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
    return reply ? { status: 200, body: reply } : { status: 404, body: { title: '没找到' } }
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
  expect(joined.header['X-Booking-Proof']).toBe('proof-1')
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
