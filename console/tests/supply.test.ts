import { describe, expect, it } from 'vitest'
import type { ShownRelease, Workday } from '@/api/supply'
import { mayOpenRoute, schedulePages, sectionsFor, showsOneHall } from '@/lib/permissions'
import { batchTexts, releaseBody, releaseForm, releaseProblems, releaseText } from '@/lib/release'
import { extraProblems } from '@/lib/schedule'
import { addMonths, dayMark, mondayOf, monthDays, monthText } from '@/lib/workdays'
import type { Permission, Staff } from '@/api/types'

const shown = (changes: Partial<ShownRelease> = {}): ShownRelease => ({
  release_days: 5,
  release_time: '09:00',
  first_percent: 60,
  rest_days: 1,
  rest_time: '18:00',
  offer_minutes: 30,
  days_ahead: 10,
  ...changes,
})
const staff = (permissions: Permission[], halls = [{ id: 'h', name: '大厅' }]) => ({ permissions, halls }) as unknown as Staff

describe('when places are given out', () => {
  it('is edited and sent back as it was', () => {
    const { days_ahead: _, ...rule } = shown()
    expect(releaseBody(releaseForm(shown()))).toEqual(rule)
    expect(releaseBody(releaseForm(shown({ release_days: null }))).release_days).toBeNull()
  })
  it('reads as one sentence', () => {
    const text = (changes: Partial<ShownRelease>) => releaseText(releaseBody(releaseForm(shown(changes))))
    expect(text({})).toBe('提前 5 个工作日的 09:00 放出 60%，提前 1 个工作日的 18:00 放出其余的')
    expect(text({ first_percent: 100, release_days: 0 })).toBe('当天的 09:00 放出全部名额')
    expect(text({ release_days: null })).toBe('日子一进入可约范围，名额就全放出来')
  })
  it('begins with what most halls do where nothing was set, within reach', () => {
    const form = releaseForm(shown({ release_days: null, first_percent: 100, days_ahead: 3 }))
    expect([form.timed, form.twice, form.days, form.percent]).toEqual([false, false, 3, 60])
  })
  it('names what is wrong at its field', () => {
    const wrong = (changes: object) => releaseProblems({ ...releaseForm(shown()), ...changes }, 10)
    expect(wrong({})).toEqual({})
    expect(wrong({ days: 11 })).toEqual({ days: '这个大厅最多提前 10 个工作日预约' })
    expect(wrong({ restDays: 5, restAt: '08:00' })).toEqual({ restDays: '第二批要晚于第一批' })
    expect(wrong({ restDays: 5, restAt: '10:00' })).toEqual({})
    expect(Object.keys(wrong({ percent: 100, at: '', offerMinutes: 4 })).sort()).toEqual(['at', 'offer', 'percent'])
    // What is not in use is not asked for.
    expect(wrong({ timed: false, days: 99, percent: 0 })).toEqual({})
  })
  it('says what each batch brings', () => {
    const day = { date: '2026-11-30', first_at: '2026-11-23T09:00:00+08:00', rest_at: null, first_places: 12, places: 20 }
    expect(batchTexts(day)).toEqual(['11月23日（周一）9:00，12 个', '—'])
    expect(batchTexts({ ...day, rest_at: '2026-11-27T18:00:00+08:00' })[1]).toBe('11月27日（周五）18:00，8 个')
    expect(batchTexts({ ...day, first_at: null, first_places: 20 })[0]).toBe('进入可约范围就放，20 个')
  })
})

it('places at short notice are a few, with a reason', () => {
  expect(extraProblems(5, '人多')).toEqual({})
  expect(Object.keys(extraProblems(0, ' '))).toEqual(['places', 'reason'])
  expect(Object.keys(extraProblems(1.5, '人多'))).toEqual(['places'])
})

describe('the pages of supply', () => {
  const manager = staff(['schedules.edit', 'appointments.view'])
  it('open for who edits schedules in a hall', () => {
    expect(schedulePages(manager).map((page) => page.name)).toContain('schedules-release')
    expect(mayOpenRoute(manager, 'schedules-day')).toBe(true)
    expect(mayOpenRoute(staff(['appointments.view']), 'schedules-day')).toBe(false)
    expect(schedulePages(staff(['schedules.edit'], [])).map((page) => page.name)).toEqual(['schedules-calendar'])
  })
  it('let who has several halls choose, and those of the bookings too', () =>
    expect(['board', 'schedules', 'schedules-day', 'bookings-waitlist', 'bookings-missed', 'items'].map(showsOneHall)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]))
})

describe('the sheet of working days', () => {
  const day = (changes: Partial<Workday> = {}): Workday => ({ day: '2026-11-27', working: true, national: true, own: false, note: '', ...changes })
  it('begins on Monday and holds the whole month in whole weeks', () => {
    const sheet = monthDays('2026-11')
    expect([sheet[0], sheet.at(-1), sheet.length]).toEqual(['2026-10-26', '2026-12-06', 42])
    expect(monthDays('2027-02')).toHaveLength(28)
    expect(mondayOf('2026-11-29')).toBe('2026-11-23')
    expect([addMonths('2026-11', 2), addMonths('2026-01', -1), monthText('2027-01')]).toEqual(['2027-01', '2025-12', '2027年1月'])
  })
  it('marks what a plain week does not have', () => {
    expect(dayMark('2026-11-27', day())).toBe('')
    expect(dayMark('2026-11-28', day({ working: false, national: false }))).toBe('')
    expect(dayMark('2026-10-10', day({ working: true, national: true }))).toBe('调休上班')
    expect(dayMark('2026-10-01', day({ working: false, national: false }))).toBe('放假')
    expect(dayMark('2026-11-27', day({ working: false, own: true }))).toBe('本区休息')
    expect(dayMark('2031-05-06', day({ working: null, national: null }))).toBe('未公布')
    expect(dayMark('2031-05-06', undefined)).toBe('未公布')
  })
  it('opens for the administrator, who has no hall, and for a manager', () => {
    const admin = staff(['calendar.edit'], [])
    expect(schedulePages(admin).map((page) => page.path)).toEqual(['/schedules/calendar'])
    expect(mayOpenRoute(admin, 'schedules')).toBe(false)
    expect(sectionsFor(admin).map((one) => one.name)).toEqual(['schedules'])
    expect(mayOpenRoute(staff(['schedules.edit']), 'schedules-calendar')).toBe(true)
  })
})
