import type { Appointment, AppointmentState } from '@/api/types'
import { clock, moment } from './format'

type Tone = 'brand' | 'good' | 'warn' | 'bad' | 'plain'

const TONES: Record<AppointmentState, Tone> = {
  booked: 'brand',
  checked_in: 'brand',
  called: 'good',
  skipped: 'warn',
  parked: 'warn',
  serving: 'good',
  finished: 'plain',
  cancelled: 'plain',
  no_show: 'warn',
}
export const tone = (state: AppointmentState): Tone => TONES[state] ?? 'plain'

/** The place in the queue in one line; '' when there is no queue. */
export function queueLine({ state, queue, video }: Appointment): string {
  if (!queue) return ''
  if (video && state === 'called') return '轮到您了，请看手机视频'
  if (video && state === 'serving') return '正在视频办理'
  if (state === 'called') return `请到 ${queue.window_number} 号窗口`
  if (state === 'serving') return `${queue.window_number} 号窗口正在办理`
  if (state !== 'checked_in') return ''
  if (queue.ahead === 0) return '前面没有人，马上到您'
  return `前面 ${queue.ahead} 人${queue.wait_minutes === null ? '' : `，约 ${queue.wait_minutes} 分钟`}`
}

/** The state in one plain sentence. */
export function sentenceOf(appointment: Appointment, now: Date): string {
  const { state, queue, start, hall, video } = appointment
  if (video && state === 'booked') return `约好了，${moment(start, now)} 视频办理`
  if (video && state === 'called') return video.join_url ? '轮到您了，请进入视频' : '轮到您了，工作人员马上打开视频'
  if (video && state === 'skipped') return '叫到您时没有进来，请打大厅电话重新排队'
  if (video && state === 'serving') return '正在视频办理'
  if (state === 'booked') return `约好了，${moment(start, now)} 到${hall.name}${hall.floor ? ` ${hall.floor}` : ''}`
  if (state === 'checked_in') return queueLine(appointment) || '已签到，正在排队'
  if (state === 'called') return `叫到您了，请到 ${queue?.window_number ?? ''} 号窗口`
  if (state === 'skipped') return '刚才叫号您没到，请找导办台重新排队'
  if (state === 'serving') return `正在 ${queue?.window_number ?? ''} 号窗口办理`
  if (state === 'parked') return '先去备材料，号给您留着'
  if (state === 'finished') return '办完了'
  return state === 'cancelled' ? '预约已取消' : '预约时间已过，您没有到'
}

/** Milliseconds until it is worth asking again; 0 when nothing will change by itself. */
export function pollPause(appointment: Appointment | null, now: Date): number {
  if (!appointment) return 0
  const { state, start } = appointment
  if (state === 'checked_in' || state === 'called') return 1000
  if (state === 'serving' || state === 'skipped' || state === 'parked') return 2000
  if (state !== 'booked') return 0
  const hours = Math.abs(Date.parse(start) - now.getTime()) / 3_600_000
  return hours < 12 ? 1500 : 30_000
}

export const LIVE: AppointmentState[] = ['booked', 'checked_in', 'called', 'skipped', 'parked', 'serving']

/** 明天 9:30-10:00 */
export const when = (appointment: { start: string; end: string }, now: Date): string =>
  `${moment(appointment.start, now)}-${clock(appointment.end)}`

export const SCORES = ['很不满意', '不满意', '一般', '满意', '很满意']
