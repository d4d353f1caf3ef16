/** Times come with +08:00 and are shown as the district's wall clock, whatever the device's zone. */
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

interface Wall {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  weekday: string
  /** Days since 1970 of the wall calendar. */
  dayNumber: number
}

const two = (value: number) => String(value).padStart(2, '0')

export function wall(at: string | number | Date): Wall {
  const instant = typeof at === 'string' ? Date.parse(at) : Number(at)
  const shifted = new Date(instant + 8 * HOUR_MS)
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    weekday: WEEKDAYS[shifted.getUTCDay()],
    dayNumber: Math.floor((instant + 8 * HOUR_MS) / DAY_MS),
  }
}

/** 9:30 */
export const clock = (at: string): string => {
  const { hour, minute } = wall(at)
  return `${hour}:${two(minute)}`
}

/** 11月23日（周一） */
export const day = (at: string): string => {
  const { month, day: date, weekday } = wall(at)
  return `${month}月${date}日（${weekday}）`
}

/** 今天, 明天, 后天, or '' */
export const nearDay = (at: string, now: Date): string =>
  ['今天', '明天', '后天'][wall(at).dayNumber - wall(now).dayNumber] ?? ''

/** 明天 9:30, or 11月23日（周一）9:30 */
export const moment = (at: string, now: Date): string => {
  const near = nearDay(at, now)
  return near ? `${near} ${clock(at)}` : `${day(at)}${clock(at)}`
}

/** 11月23日 9:30, with the year when it is not this one. */
export const stamp = (at: string, now: Date): string => {
  const { year, month, day: date } = wall(at)
  return `${year === wall(now).year ? '' : `${year}年`}${month}月${date}日 ${clock(at)}`
}

/** 9:30-10:00 */
export const span = (start: string, end: string): string => `${clock(start)}-${clock(end)}`

/** How long until `at`: 还有 2 天 3 小时, 还有 45 分钟; '' when it has come. */
export function countdown(at: string, now: Date): string {
  const minutes = Math.ceil((Date.parse(at) - now.getTime()) / 60_000)
  if (minutes <= 0) return ''
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  if (days > 0) return `还有 ${days} 天${hours ? ` ${hours} 小时` : ''}`
  if (hours > 0) return `还有 ${hours} 小时${minutes % 60 ? ` ${minutes % 60} 分钟` : ''}`
  return `还有 ${minutes} 分钟`
}

/** What is left of a short time, to the second: 9 分 20 秒; '' when it is over. */
export function secondsLeft(at: string, now: Date): string {
  const seconds = Math.ceil((Date.parse(at) - now.getTime()) / 1000)
  if (seconds <= 0) return ''
  if (seconds >= 3600) return countdown(at, now).replace('还有 ', '')
  return seconds < 60 ? `${seconds} 秒` : `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒`
}

/** The day of the district's calendar, as 2026-11-23. */
export const wallDay = (at: string): string => {
  const { year, month, day: date } = wall(at)
  return [year, two(month), two(date)].join('-')
}

/** Noon of a day written 2026-11-23, for words that need a moment. */
export const noon = (day: string): string => `${day}T12:00:00+08:00`

export const greeting = (now: Date): string => {
  const { hour } = wall(now)
  if (hour < 5) return '夜深了'
  if (hour < 11) return '早上好'
  if (hour < 13) return '中午好'
  return hour < 18 ? '下午好' : '晚上好'
}

/** Minutes of waiting in words; null is a hall that cannot tell yet. */
export const waiting = (count: number, minutes: number | null): string => {
  if (count === 0) return '现在不用等'
  return minutes === null ? `${count} 人在等` : `${count} 人在等，约 ${minutes} 分钟`
}

/** 2026年11月23日, of a day written 2026-11-23. */
export const date = (day: string): string => {
  const [year, month, date] = day.slice(0, 10).split('-').map(Number)
  return `${year}年${month}月${date}日`
}

/** 820 KB, 1.3 MB */
export const bytes = (size: number): string =>
  size < 1024 * 1024 ? `${Math.max(1, Math.round(size / 1024))} KB` : `${(size / 1024 / 1024).toFixed(1)} MB`
