import type { Pace, Shift, ShiftBody } from '@/api/windowShifts'
import { toMinutes } from './schedule'

/** The week of the windows: who sits where and when, and how many people that serves. */

export const shiftTime = (one: Pick<Shift, 'starts' | 'ends'>) => `${one.starts.slice(0, 5)}–${one.ends.slice(0, 5)}`

/** The shifts of a window on a day, the earliest first. */
export const shiftsOf = (rows: Shift[], windowId: string, day: string) =>
  rows.filter((one) => one.window_id === windowId && one.day === day).sort((a, b) => a.starts.localeCompare(b.starts))

const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text)
const overlap = (one: Pick<Shift, 'starts' | 'ends'>, other: Pick<Shift, 'starts' | 'ends'>) =>
  toMinutes(one.starts) < toMinutes(other.ends) && toMinutes(other.starts) < toMinutes(one.ends)

/** Why a shift cannot stand, in words; empty when it can. `others`: the same week without itself. */
export function shiftProblem(body: ShiftBody, others: Shift[]): string {
  if (!body.window_id) return '请选窗口'
  if (!body.staff_id && !body.name.trim()) return '请选人，或写下名字'
  if (!isTime(body.starts) || !isTime(body.ends)) return '时间写成 09:00 这样'
  if (toMinutes(body.ends) <= toMinutes(body.starts)) return '结束要晚于开始'
  const same = others.filter((one) => one.day === body.day && overlap(one, body))
  const seat = same.find((one) => one.window_id === body.window_id)
  if (seat) return `这个窗口 ${shiftTime(seat)} 已经排了${seat.name}`
  const person = body.staff_id ? same.find((one) => one.staff_id === body.staff_id) : undefined
  return person ? `${person.name} ${shiftTime(person)} 已经在 ${person.window_number} 号窗口` : ''
}

/** Hours of a week, "37.5 小时". */
export function hoursText(rows: Shift[]): string {
  const minutes = rows.reduce((sum, one) => sum + toMinutes(one.ends) - toMinutes(one.starts), 0)
  return `${Math.round(minutes / 6) / 10} 小时`
}

export const QUOTAS: { key: 'online' | 'on_site' | 'elderly' | 'video'; name: string }[] = [
  { key: 'online', name: '网上' },
  { key: 'on_site', name: '现场' },
  { key: 'elderly', name: '长者' },
  { key: 'video', name: '远程视频' },
]

export const quotaSum = (one: Pace) => QUOTAS.reduce((sum, quota) => sum + one[quota.key], 0)

/** Why a pace cannot stand; empty when it can. */
export function paceProblem(one: Pace): string {
  if (!Number.isInteger(one.slot_minutes) || one.slot_minutes < 5 || one.slot_minutes > 240) return '每段 5 到 240 分钟'
  if (!Number.isInteger(one.places) || one.places < 1 || one.places > 100) return '每个窗口每段 1 到 100 人'
  if (QUOTAS.some((quota) => !Number.isInteger(one[quota.key]) || one[quota.key] < 0)) return '百分比填 0 到 100 的整数'
  const sum = quotaSum(one)
  return sum === 100 ? '' : `几份加起来是 ${sum}%，要正好 100%`
}

export const newPace = (group: string): Pace => ({
  group,
  slot_minutes: 30,
  places: 2,
  online: 70,
  on_site: 20,
  elderly: 10,
  video: 0,
})

/** The head of a CSV file of shifts, as the import reads it. */
export const CSV_COLUMNS = ['日期', '窗口', '开始', '结束', '姓名', '账号']
