/** Words for times, durations and counts; every time is shown in Asia/Shanghai. */

const ZONE = 'Asia/Shanghai'
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']
export const WEEKDAY_NAMES = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

type Field = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'

function fields(value: string | Date): Record<Field, string> | null {
  const date = typeof value === 'string' ? new Date(value) : value
  if (Number.isNaN(date.getTime())) return null
  const found = Object.fromEntries(parts.formatToParts(date).map((part) => [part.type, part.value]))
  return found as Record<Field, string>
}

/** 9:30 */
export function clock(value: string | Date | null | undefined): string {
  const at = value ? fields(value) : null
  return at ? `${Number(at.hour)}:${at.minute}` : '—'
}

/** 09:30:05 */
export function clockSeconds(value: string | Date | null | undefined): string {
  const at = value ? fields(value) : null
  return at ? `${at.hour}:${at.minute}:${at.second}` : '—'
}

/** 9:30–10:00 */
export function span(start: string, end: string): string {
  return `${clock(start)}–${clock(end)}`
}

/** 2026-11-23 in Shanghai. */
export function isoDate(value: string | Date): string {
  const at = fields(value)
  return at ? `${at.year}-${at.month}-${at.day}` : ''
}

/** 11月23日（周一）; takes a date or a moment. */
export function dayText(value: string | Date): string {
  const iso = typeof value === 'string' && value.length === 10 ? value : isoDate(value)
  const [year, month, day] = iso.split('-').map(Number)
  if (!year || !month || !day) return '—'
  const weekday = WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()]
  return `${month}月${day}日（${weekday}）`
}

/** 11月23日（周一）9:30 */
export function momentText(value: string | null | undefined): string {
  return value ? `${dayText(value)}${clock(value)}` : '—'
}

/** 2026-11-23 09:30, for tables and exports. */
export function stamp(value: string | null | undefined): string {
  const at = value ? fields(value) : null
  return at ? `${at.year}-${at.month}-${at.day} ${at.hour}:${at.minute}` : '—'
}

/** 刚刚, 5 分钟前, 2 小时前, 3 天前, 5 分钟后. */
export function relative(value: string | null | undefined, now: Date = new Date()): string {
  if (!value) return '—'
  const seconds = Math.round((now.getTime() - new Date(value).getTime()) / 1000)
  const side = seconds >= 0 ? '前' : '后'
  const size = Math.abs(seconds)
  if (size < 45) return seconds >= 0 ? '刚刚' : '马上'
  if (size < 3600) return `${Math.max(1, Math.round(size / 60))} 分钟${side}`
  if (size < 86_400) return `${Math.round(size / 3600)} 小时${side}`
  return `${Math.round(size / 86_400)} 天${side}`
}

/** How old live data is: 刚刚更新, 8 秒前, 3 分钟前. */
export function freshness(ageMs: number): string {
  const seconds = Math.floor(ageMs / 1000)
  if (seconds < 3) return '刚刚更新'
  return seconds < 60 ? `${seconds} 秒前更新` : `${Math.floor(seconds / 60)} 分钟前更新`
}

/** 12 分钟, 1 小时 5 分钟, —. */
export function minutes(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '—'
  const whole = Math.round(value)
  if (whole < 60) return `${whole} 分钟`
  const rest = whole % 60
  return rest ? `${Math.floor(whole / 60)} 小时 ${rest} 分钟` : `${whole / 60} 小时`
}

/** Whole minutes since a moment, never below zero. */
export function minutesSince(value: string, now: Date = new Date()): number {
  return Math.max(0, Math.floor((now.getTime() - new Date(value).getTime()) / 60_000))
}

/** 3 号窗口 from 3, "3" or "3号"; — when there is none. */
export function windowText(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === '') return '—'
  const text = String(value)
  return /窗/.test(text) ? text : `${text.replace(/号$/, '')} 号窗口`
}

const WINDOW_STATUS: Record<string, string> = { open: '已开窗', paused: '暂停叫号', closed: '没开窗' }

/** A window's state; `open` means that it may call, not that somebody is being served. */
export function windowStatus(status: string): string {
  return WINDOW_STATUS[status] ?? status
}

export function addDays(iso: string, days: number): string {
  const date = new Date(`${iso}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}
