import type { HallFigures } from '@/api/types'

type Hour = HallFigures['hours'][number]
type Load = HallFigures['windows'][number]

/** "12.5 分钟", or that nothing was measured. */
export const measured = (value: number | null): string => (value === null ? '—' : `${value} 分钟`)

/** The title of the chart says what it shows: the hour in which people waited longest. */
export function hallFinding(hours: Hour[]): string {
  const known = hours.filter((one) => one.wait_minutes !== null)
  const worst = [...known].sort((a, b) => (b.wait_minutes ?? 0) - (a.wait_minutes ?? 0))[0]
  return worst ? `${worst.hour} 点来的人等得最久，平均 ${measured(worst.wait_minutes)}` : '还没有量到等候时间'
}

/** The share of those who ended one way or the other that did not come. */
export function missedShare(total: { finished: number; no_show: number }): string {
  const all = total.finished + total.no_show
  return all ? `${Math.round((100 * total.no_show) / all)}%` : '—'
}

/** The title of the windows' chart: which one was busy longest, and how far the least one is behind. */
export function loadFinding(windows: Load[]): string {
  const busy = [...windows].filter((one) => one.busy_minutes > 0).sort((a, b) => b.busy_minutes - a.busy_minutes)
  const [most] = busy
  const least = busy.at(-1)
  if (!most || !least) return '还没有窗口办过事'
  if (most === least) return `只有 ${most.number} 号窗口办了事，共 ${measured(most.busy_minutes)}`
  return `${most.number} 号窗口最忙，办了 ${measured(most.busy_minutes)}；${least.number} 号最少，${measured(least.busy_minutes)}`
}
