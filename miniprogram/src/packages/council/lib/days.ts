import { wall } from '@/lib/format'

const DAY_MS = 24 * 3_600_000

/** The day so many days from now, as 2026-12-31, of the district's calendar. */
export function dayAfter(now: Date, days: number): string {
  const { year, month, day } = wall(now.getTime() + days * DAY_MS)
  return [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')
}
