import type { Rate } from '@/api/figures'

/** Words for rates: never a percentage without what it was counted from. */

/** What the telephone should reach; the three rates' targets are the district's own. */
export const CALL_TARGETS = { connected: 0.95, answered: 0.85 }

export const RATE_NAMES = { response: '响应率', solved: '解决率', satisfied: '满意率' } as const
export type RateKey = keyof typeof RATE_NAMES
/** What the district wants of each rate; null where it set nothing. */
export type Targets = Record<RateKey, number | null>
export const NO_TARGETS: Targets = { response: null, solved: null, satisfied: null }
export const RATE_KEYS = Object.keys(RATE_NAMES) as RateKey[]

/** 92.3% or — ; a share below one is never rounded up to 100%. */
export function percentText(rate: number | null): string {
  if (rate === null) return '—'
  const tenths = rate < 1 ? Math.min(999, Math.round(rate * 1000)) : 1000
  return `${tenths / 10}%`
}

/** 46 / 50，不计 2 */
export function countedText(rate: Rate): string {
  const left = rate.excluded ? `，不计 ${rate.excluded}` : ''
  return rate.denominator ? `${rate.numerator} / ${rate.denominator}${left}` : `还没有可以计算的${left}`
}

/** Why some tickets count in no rate: 还没有办结 20，并入重复件 3 */
export const reasonsText = (rate: Rate) => (rate.reasons ?? []).map((one) => `${one.text} ${one.count}`).join('，')

/** Percent with one decimal for a chart, or null. */
export const chartValue = (rate: Rate) => (rate.rate === null ? null : Math.round(rate.rate * 1000) / 10)

export const below = (rate: Rate, target: number | null) =>
  rate.rate !== null && target !== null && rate.rate < target

/** Which of the rows falls shortest of the target, in one sentence: the chart's title. */
export function rateFinding(rows: { name: string; rate: Rate }[], what: string, target: number | null): string {
  const counted = rows.filter((one) => one.rate.rate !== null).sort((a, b) => a.rate.rate! - b.rate.rate!)
  const lowest = counted[0]
  if (!lowest) return `${what}还没有可以计算的工单`
  if (target === null) return `${what}最低的是${lowest.name}，${percentText(lowest.rate.rate)}`
  const short = counted.filter((one) => below(one.rate, target))
  const goal = percentText(target)
  if (!short.length) return `${what}都达到了 ${goal}`
  const worst = short[0]!
  const rest = short.length > 1 ? `等 ${short.length} 个` : ''
  return `${worst.name}${rest}${what}低于 ${goal}，最低 ${percentText(worst.rate.rate)}`
}
