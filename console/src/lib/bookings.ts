import type { BookingLimit, LimitPer, PaperConsentBody, WaitingEntry } from '@/api/bookings'
import type { Permission } from '@/api/types'
import { addDays } from './format'

/** The section 预约管理: its tabs, each a page of its own. */
export const BOOKING_PAGES: { name: string; path: string; title: string; needs: Permission[]; hall: boolean }[] = [
  { name: 'bookings-waitlist', path: '/bookings/waitlist', title: '候补', needs: ['appointments.view'], hall: true },
  { name: 'bookings-consents', path: '/bookings/consents', title: '代办登记', needs: ['queue.operate'], hall: true },
  { name: 'bookings-missed', path: '/bookings/missed', title: '未到和申诉', needs: ['fairness.decide'], hall: false },
  { name: 'bookings-limits', path: '/bookings/limits', title: '预约限制', needs: ['limits.edit'], hall: false },
]

export const PER: Record<LimitPer, string> = { day: '同一天', week: '同一周', live: '没办完的' }

/** 每人同一天最多约 3 个 */
export const limitText = (one: { per: LimitPer; most: number }) => `每人${PER[one.per]}最多约 ${one.most} 个`

/** What a limit holds for: 全区所有事项, 越和街政务服务中心 · 社保医保. */
export function limitPlace(one: LimitPlace): string {
  return `${one.hall_name || '各大厅'} · ${limitWhat(one)}`
}
export type LimitPlace = Pick<BookingLimit, 'hall_name' | 'group_name' | 'item_name'>
export const limitWhat = (one: LimitPlace) => one.item_name || one.group_name || '所有事项'

export function limitProblem(most: number): string {
  return Number.isInteger(most) && most >= 1 && most <= 100 ? '' : '个数应在 1 到 100 之间'
}

const ID_NUMBER = /^\d{17}[\dXx]$/
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Eighteen characters of which the last one fits the others. */
export function isIdNumber(typed: string): boolean {
  if (!ID_NUMBER.test(typed)) return false
  const sum = WEIGHTS.reduce((all, weight, at) => all + weight * Number(typed[at]), 0)
  return '10X98765432'[sum % 11] === typed[17]?.toUpperCase()
}

/** The longest a consent may last. */
export const lastDay = (today: string) => addDays(today, 365)

/** What is wrong with a consent on paper, by the name of its field. */
export function consentProblems(body: PaperConsentBody, today: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const side of ['principal', 'agent'] as const) {
    if (!body[side].name.trim()) found[`${side}.name`] = '请照身份证填写姓名'
    if (!isIdNumber(body[side].id_number)) found[`${side}.id_number`] = '身份证号不对，请照证件核对'
  }
  if (!found['agent.id_number'] && same(body.principal.id_number, body.agent.id_number))
    found['agent.id_number'] = '委托人和代办人不能是同一个人'
  if (!body.relation.trim()) found.relation = '请写明两人的关系'
  if (!body.until || body.until < today || body.until > lastDay(today)) found.until = '期限从今天起最长一年'
  return found
}
const same = (one: string, other: string) => one.toUpperCase() === other.toUpperCase()

/** 9:00 以后, 11:00 以前, 9:00–11:00, or any time. */
export function wishText(one: Pick<WaitingEntry, 'earliest' | 'latest'>): string {
  const [from, to] = [one.earliest?.slice(0, 5), one.latest?.slice(0, 5)]
  if (from && to) return `${from}–${to}`
  return from ? `${from} 以后` : to ? `${to} 以前` : '都可以'
}

const WAITING = ['waiting', 'offered']
/** A title that says what there is to see. */
export function waitFinding(rows: WaitingEntry[]): string {
  const live = rows.filter((row) => WAITING.includes(row.state))
  if (!live.length) return '这一天没有人在候补'
  const offered = live.filter((row) => row.state === 'offered').length
  return `${live.length} 人在候补${offered ? `，其中 ${offered} 人有名额等他确认` : ''}`
}

/** Why a time in which the hall was late cannot be sent; empty when it can. */
export function lateProblem(form: { date: string; from: string; to: string; reason: string }, today: string): string {
  if (!form.date || form.date > today) return '请选今天或以前的一天'
  if (!form.from || !form.to || form.from >= form.to) return '结束时间应晚于开始时间'
  return form.reason.trim().length < 4 ? '请写明大厅为什么晚了，办事人会看到' : ''
}
