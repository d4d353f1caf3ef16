import type { Workday } from '@/api/supply'
import { addDays } from './format'

/** The working days of a month: which are the calendar's, which the district's own. */

export const WEEKS_SHOWN = 6

/** The Monday of a day's week. */
export function mondayOf(iso: string): string {
  const weekday = new Date(`${iso}T00:00:00Z`).getUTCDay()
  return addDays(iso, -((weekday + 6) % 7))
}

/** Monday to Sunday. */
export const weekOf = (iso: string) => Array.from({ length: 7 }, (_, at) => addDays(mondayOf(iso), at))

/** "2026-11" moved by months. */
export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const date = new Date(Date.UTC(year, number - 1 + count, 1))
  return date.toISOString().slice(0, 7)
}

/** The days of a month's sheet, whole weeks from Monday on. */
export function monthDays(month: string): string[] {
  const first = mondayOf(`${month}-01`)
  return Array.from({ length: WEEKS_SHOWN * 7 }, (_, at) => addDays(first, at)).filter(
    (_, at, all) => at < 28 || all[Math.floor(at / 7) * 7]?.slice(0, 7) === month,
  )
}

export const monthText = (month: string) => `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`

/** `own`: the district decided otherwise than the calendar; `unknown`: nobody has decided yet. */
export type DayKind = 'work' | 'rest' | 'unknown'
export const kindOf = (one: Workday | undefined): DayKind =>
  one === undefined || one.working === null ? 'unknown' : one.working ? 'work' : 'rest'

/** The district has a word of its own about this day. */
export const isOwn = (one: Workday | undefined) => Boolean(one?.own)

const isWeekend = (day: string) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

/** What stands in the sheet besides the number: only what is not as a plain week has it. */
export function dayMark(day: string, one: Workday | undefined): string {
  const kind = kindOf(one)
  if (kind === 'unknown') return '未公布'
  if (isOwn(one)) return kind === 'work' ? '本区上班' : '本区休息'
  if (kind === 'work') return isWeekend(day) ? '调休上班' : ''
  return isWeekend(day) ? '' : '放假'
}

export const nationalText = (one: Workday | undefined) =>
  one?.national === true ? '上班' : one?.national === false ? '休息' : '还没有公布'
