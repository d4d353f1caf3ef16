import { expect, it } from 'vitest'
import type { Appointment } from '@/api/types'
import { pollPause, queueLine, sentenceOf, when } from '@/lib/appointment'
import { clock, countdown, day, greeting, moment, nearDay, stamp, waiting } from '@/lib/format'
import { identityNumberError, phoneError } from '@/lib/identity-number'
import { iconFor } from '@/lib/icons'
import { linkTarget, param, to } from '@/lib/nav'

const now = new Date('2026-11-22T20:00:00+08:00')
const start = '2026-11-23T09:30:00+08:00'

const appointment = (part: Partial<Appointment>): Appointment => ({
  id: 'a', receipt_number: 'A', query_code: 'C', state: 'booked', state_text: '', next_text: '',
  item: { id: 'i', name: '补卡' }, hall: { id: 'h', name: '越和街政务服务中心', address: '', floor: '3 楼' },
  start, end: '2026-11-23T10:00:00+08:00', can_cancel: true, cancel_deadline: '2026-11-23T09:00:00+08:00', check_in_code: '000000',
  qr_image: '', qr_token: '', materials: [], queue: null, can_rate: false, rating: null, timeline: [], etag: '', channel: 'online', source: 'booked',
  can_reschedule: true, reschedules_left: 3, agent: null, principal: null, visit: null, video: null,
  ...part,
})
const queue = { ticket_no: 'S1', ahead: 2, wait_minutes: 8, window_number: null, called_at: null }

it('writes times as the district reads them, whatever the zone they came in', () => {
  expect(clock('2026-11-23T01:05:00Z')).toBe('9:05')
  expect(day(start)).toBe('11月23日（周一）')
  expect(moment(start, now)).toBe('明天 9:30')
  expect(moment('2026-12-01T14:00:00+08:00', now)).toBe('12月1日（周二）14:00')
  expect(nearDay('2026-11-22T00:00:00+08:00', now)).toBe('今天')
  expect(nearDay('2026-11-21T23:59:00+08:00', now)).toBe('')
  expect(stamp('2025-01-02T08:00:00+08:00', now)).toBe('2025年1月2日 8:00')
})

it('counts down in words', () => {
  expect(countdown(start, now)).toBe('还有 13 小时 30 分钟')
  expect(countdown('2026-11-24T22:00:00+08:00', now)).toBe('还有 2 天 2 小时')
  expect(countdown('2026-11-22T20:00:30+08:00', now)).toBe('还有 1 分钟')
  expect(countdown('2026-11-22T19:00:00+08:00', now)).toBe('')
})

it('greets by the hour and tells of waiting', () => {
  expect(greeting(new Date('2026-11-22T07:00:00+08:00'))).toBe('早上好')
  expect(greeting(new Date('2026-11-22T02:00:00+08:00'))).toBe('夜深了')
  expect(waiting(0, 0)).toBe('现在不用等')
  expect(waiting(3, null)).toBe('3 人在等')
  expect(waiting(3, 12)).toBe('3 人在等，约 12 分钟')
})

it('says each state in one sentence', () => {
  expect(sentenceOf(appointment({}), now)).toBe('约好了，明天 9:30 到越和街政务服务中心 3 楼')
  expect(when(appointment({}), now)).toBe('明天 9:30-10:00')
  expect(queueLine(appointment({ state: 'checked_in', queue }))).toBe('前面 2 人，约 8 分钟')
  expect(queueLine(appointment({ state: 'checked_in', queue: { ...queue, ahead: 0 } }))).toContain('马上到您')
  const called = appointment({ state: 'called', queue: { ...queue, window_number: 3 } })
  expect(sentenceOf(called, now)).toBe('叫到您了，请到 3 号窗口')
  expect(sentenceOf(appointment({ state: 'cancelled' }), now)).toBe('预约已取消')
  expect(sentenceOf(appointment({ state: 'parked', queue }), now)).toBe('先去备材料，号给您留着')
  expect(sentenceOf(appointment({ state: 'no_show' }), now)).toBe('预约时间已过，您没有到')
  const video = { opens_at: start, closes_at: start, checked_in: true, join_url: null, ended: false }
  expect(sentenceOf(appointment({ state: 'called', video }), now)).toBe('轮到您了，工作人员马上打开视频')
  const open = { ...video, join_url: 'https://video.example/1' }
  expect(sentenceOf(appointment({ state: 'called', video: open }), now)).toBe('轮到您了，请进入视频')
})

it('asks every second while waiting and never after the end', () => {
  expect(pollPause(appointment({ state: 'checked_in' }), now)).toBe(1000)
  expect(pollPause(appointment({ state: 'called' }), now)).toBe(1000)
  expect(pollPause(appointment({ state: 'finished' }), now)).toBe(0)
  expect(pollPause(appointment({ start: '2026-12-23T09:30:00+08:00' }), now)).toBe(30_000)
})

it('checks identity numbers and phones before they are sent', () => {
  expect(identityNumberError('11010519491231002X')).toBe('')
  expect(identityNumberError('11010519491231002x')).toBe('')
  expect(identityNumberError('110105194912310021')).toContain('有误')
  expect(identityNumberError('1234')).toContain('现在是 4 位')
  expect(identityNumberError('')).toBe('请填写身份证号')
  expect(phoneError('13800001234')).toBe('')
  expect(phoneError('1380000')).toContain('11 位')
})

it('finds pages and icons', () => {
  expect(linkTarget('/appointments/7')).toBe(to.appointment('7'))
  expect(linkTarget('https://elsewhere.example/appointments/7')).toBeNull()
  expect(linkTarget(null)).toBeNull()
  expect(to.search('社保')).toContain('q=%E7%A4%BE')
  expect(param({ q: '%E7%A4%BE' }, 'q')).toBe('社')
  expect(param({ q: '100%' }, 'q')).toBe('100%')
  expect(iconFor('医疗健康')).toBe('medical')
  expect(iconFor('别的')).toBe('list')
})
