import type { Cap, Rate } from '@/api/messageLimits'

/** Limits of delivery as they are edited, and what is wrong with them. */

const MOST_A_DAY = 1000
const FASTEST = 10_000
const whole = (value: unknown, most: number) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most

/** Why each line cannot be kept, by its place. */
function problems<T>(lines: T[], key: (line: T) => string, wrong: (line: T) => string): string[] {
  const seen = new Map<string, number>()
  return lines.map((line, at) => {
    if (!key(line)) return '请选一项'
    const first = seen.get(key(line))
    seen.set(key(line), first ?? at)
    if (first !== undefined) return `和第 ${first + 1} 条说的是同一种`
    return wrong(line)
  })
}

export const capProblems = (caps: Cap[]): string[] =>
  problems(
    caps,
    (one) => one.scope,
    (one) => (whole(one.per_day, MOST_A_DAY) ? '' : `每天几条应是 1 到 ${MOST_A_DAY} 的整数`),
  )

export const rateProblems = (rates: Rate[]): string[] =>
  problems(
    rates,
    (one) => one.key,
    (one) => {
      if (!(Number.isFinite(one.per_second) && one.per_second >= 0.01 && one.per_second <= FASTEST))
        return `每秒几条应在 0.01 到 ${FASTEST} 之间`
      if (!whole(one.burst, FASTEST * 10)) return '一下最多几条应是 1 以上的整数'
      if (one.per_day !== null && !whole(one.per_day, 100_000_000)) return '每天最多几条应是 1 以上的整数，不限就留空'
      return ''
    },
  )

/** 每秒 20 条，一下最多 40 条，每天 1000 条. */
export const rateText = (one: Omit<Rate, 'key'>): string =>
  `每秒 ${Number(one.per_second.toFixed(2))} 条，一下最多 ${one.burst} 条${one.per_day === null ? '' : `，每天 ${one.per_day.toLocaleString('en-US')} 条`}`
