import type { HallFigures } from '@/api/types'

type Hour = HallFigures['hours'][number]

/** "12.5 分钟", or that nothing was measured. */
export const measured = (value: number | null): string => (value === null ? '—' : `${value} 分钟`)

/** The title of the chart says what it shows: the hour in which people waited longest. */
export function hallFinding(hours: Hour[]): string {
  const known = hours.filter((one) => one.wait_minutes !== null)
  const worst = [...known].sort((a, b) => (b.wait_minutes ?? 0) - (a.wait_minutes ?? 0))[0]
  return worst ? `${worst.hour} 点来的人等得最久，平均 ${measured(worst.wait_minutes)}` : '还没有量到等候时间'
}
