import { describe, expect, it } from 'vitest'
import type { ShownRelease, Workday } from '@/api/supply'
import type { Rebuilt, Shift } from '@/api/windowShifts'
import { mayOpenRoute, schedulePages, sectionsFor, showsOneHall } from '@/lib/permissions'
import { batchTexts, releaseBody, releaseForm, releaseProblems, releaseText } from '@/lib/release'
import { rebuiltWords } from '@/lib/rebuiltWords'
import { extraProblems } from '@/lib/schedule'
import { seasonProblems, seasonState } from '@/lib/seasons'
import { hoursText, newPace, paceProblem, shiftProblem, shiftsOf } from '@/lib/shifts'
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

describe('shifts at the windows', () => {
  const shift = (changes: Partial<Shift> = {}): Shift => ({
    id: '1',
    window_id: 'w1',
    window_number: 1,
    staff_id: 'p1',
    name: '周敏',
    day: '2026-11-23',
    starts: '09:00',
    ends: '12:00',
    ...changes,
  })
  const { id: _id, window_number: _number, ...body } = shift()
  it('do not overlap at a window, nor take one person to two', () => {
    expect(shiftProblem(body, [])).toBe('')
    expect(shiftProblem({ ...body, starts: '12:00', ends: '17:00' }, [shift()])).toBe('')
    expect(shiftProblem({ ...body, staff_id: 'p2', name: '甲' }, [shift()])).toBe('这个窗口 09:00–12:00 已经排了周敏')
    expect(shiftProblem({ ...body, window_id: 'w2' }, [shift()])).toBe('周敏 09:00–12:00 已经在 1 号窗口')
    expect(shiftProblem({ ...body, window_id: 'w2', staff_id: null, name: '支援' }, [shift()])).toBe('')
    expect(shiftProblem({ ...body, day: '2026-11-24' }, [shift()])).toBe('')
  })
  it('have somebody and a span', () => {
    expect(shiftProblem({ ...body, staff_id: null, name: ' ' }, [])).toContain('选人')
    expect(shiftProblem({ ...body, ends: '08:00' }, [])).toContain('晚于')
    expect(shiftProblem({ ...body, starts: '9点' }, [])).toContain('09:00')
  })
  it('stand in a cell by time and add up to hours', () => {
    const rows = [shift({ id: '2', starts: '13:30', ends: '17:00' }), shift(), shift({ id: '3', window_id: 'w2' })]
    expect(shiftsOf(rows, 'w1', '2026-11-23').map((one) => one.id)).toEqual(['1', '2'])
    expect(hoursText(rows.slice(0, 2))).toBe('6.5 小时')
  })
  it('make places by a pace whose parts are the whole', () => {
    expect(paceProblem(newPace('shebao'))).toBe('')
    expect(paceProblem({ ...newPace('shebao'), online: 60 })).toBe('几份加起来是 90%，要正好 100%')
    expect(paceProblem({ ...newPace('shebao'), places: 0 })).toContain('1 到 100')
  })
  it('tell what a change did to the places', () => {
    const kept = { start: '2026-11-27T09:00:00+08:00', end: '2026-11-27T09:30:00+08:00' }
    expect(rebuiltWords('排好了', { changed: 0, kept: [] })).toBe('排好了')
    expect(rebuiltWords('排好了', null)).toBe('排好了')
    expect(rebuiltWords('去掉了', { changed: 3, kept: [kept, kept] } as Rebuilt)).toBe(
      '去掉了，3 个时段的号跟着变。11月27日（周五）9:00–9:30 等 2 个时段约的人比新名额多，照旧接待，不再放号',
    )
  })
})

it('a season has a name and days that no other has', () => {
  const summer = { id: 's', name: '暑期', first_day: '2027-07-01', last_day: '2027-08-31', items: [], version: 1 }
  const form = { name: '年底', first_day: '2026-12-01', last_day: '2026-12-31' }
  expect(seasonProblems(form, [summer])).toEqual({})
  expect(seasonProblems({ ...form, last_day: '2027-07-01' }, [summer]).days).toContain('暑期')
  expect(seasonProblems({ name: ' ', first_day: '2026-12-02', last_day: '2026-12-01' }, [])).toEqual({
    name: '请起个名字，例如：暑期',
    days: '结束的日子要在开始之后',
  })
  expect(['2026-11-30', '2026-12-31', '2027-01-01'].map((day) => seasonState(form, day))).toEqual(['还没到', '正在用', '已经过了'])
})
