import type { Targets, TicketLimit, TicketUnit } from '@/api/ticketLimits'

/** Limits of tickets and targets of rates as they are edited, and what is wrong with them. */

export const TICKET_UNITS: Record<TicketUnit, string> = {
  minutes: '分钟',
  hours: '小时',
  work_hours: '个工作小时',
  working_days: '个工作日',
}
const URGENCIES = { emergency: '紧急', utility: '水电气热', normal: '一般' }
const DIFFICULTIES = { consult: '咨询', general: '一般', complex: '疑难' }

/** What a limit of this kind can be told apart by: handling by difficulty, the rest by urgency. */
export const qualifiersOf = (kind: string): Record<string, string> => (kind === 'handle' ? DIFFICULTIES : URGENCIES)

export const qualifierText = (kind: string, qualifier: string | null): string =>
  qualifier ? (qualifiersOf(kind)[qualifier] ?? qualifier) : '都一样'

/** 168 小时（7 天）, 3 个工作日. */
export function ticketLimitText({ amount, unit }: Pick<TicketLimit, 'amount' | 'unit'>): string {
  const days = unit === 'hours' && amount > 24 && amount % 24 === 0 ? `（${amount / 24} 天）` : ''
  return `${amount} ${TICKET_UNITS[unit]}${days}`
}

const caseOf = (one: TicketLimit) => [one.kind, one.category_code ?? '', one.qualifier ?? ''].join('|')

/** Why each limit cannot be kept, by its place. */
export function ticketLimitProblems(limits: TicketLimit[]): string[] {
  const seen = new Map<string, number>()
  return limits.map((one, at) => {
    if (!Number.isInteger(one.amount) || one.amount < 1 || one.amount > 10_000) return '数字应在 1 到 10000 之间'
    const first = seen.get(caseOf(one))
    seen.set(caseOf(one), first ?? at)
    return first === undefined ? '' : `和第 ${first + 1} 条说的是同一种情况`
  })
}

/** A share as it is typed, in percent; empty where nothing is set. */
export const percentOf = (share: number | null): string => (share === null ? '' : String(Math.round(share * 1000) / 10))

/** The share that was typed in percent, null for nothing; undefined where it is none. */
export function shareOf(typed: string): number | null | undefined {
  const plain = String(typed).trim()
  if (!plain) return null
  const value = Number(plain)
  return Number.isFinite(value) && value >= 0 && value <= 100 ? Math.round(value * 10) / 1000 : undefined
}

export type TypedTargets = Record<keyof Targets, string>
