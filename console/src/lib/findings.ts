import type { DailyReport } from '@/api/reports'
import { minutes } from './format'

/** What a day's numbers say, in one sentence each: the titles of the report and its charts. */

const percent = (share: number) => `${(Math.round(share * 1000) / 10).toString()}%`
const top = <T>(rows: T[], size: (row: T) => number): T | null =>
  rows.reduce<T | null>((best, row) => (best === null || size(row) > size(best) ? row : best), null)

export function dayFinding(report: DailyReport): string {
  if (!report.called && !report.closed) return '没有呼叫，也没有办结'
  const response = report.response.p50_minutes
  const quick = response === null ? '还没有人认领' : `一半在 ${minutes(Math.max(1, response))}内有人认领`
  return `${report.called} 件呼叫，${quick}，办结 ${report.closed} 件`
}

export function responseFinding(report: DailyReport): string {
  const { p50_minutes: half, p90_minutes: most } = report.response
  if (half === null || most === null) return '这一天还没有人认领'
  return `一半 ${minutes(Math.max(1, half))}内认领，九成 ${minutes(Math.max(1, most))}内`
}

export function hoursFinding(report: DailyReport): string {
  const busiest = top(report.hours, (one) => one.called)
  if (!busiest?.called) return '全天没有呼叫'
  const behind = top(report.hours, (one) => one.called - one.claimed)
  const short = behind ? behind.called - behind.claimed : 0
  const when = behind?.hour === busiest.hour ? '认领没跟上' : `${behind?.hour} 点认领最跟不上`
  const late = short > 0 ? `，${when}` : ''
  return `${busiest.hour} 点最忙，${busiest.called} 件呼叫${late}`
}

export function categoryFinding(report: DailyReport): string {
  const first = top(report.by_category, (one) => one.count)
  if (!first?.count) return '没有分类的呼叫'
  return `“${first.name}”最多，${first.count} 件，占 ${percent(first.count / Math.max(1, report.called))}`
}

export function streetFinding(report: DailyReport): string {
  const worst = top(report.by_street, (one) => one.overdue ?? 0)
  const first = top(report.by_street, (one) => one.count)
  if (worst?.overdue) return `${worst.name}超时最多，${worst.overdue} 件`
  return first?.count ? `${first.name}呼叫最多，${first.count} 件，没有街道超时` : '各街道都没有呼叫'
}

export function escalationFinding(report: DailyReport): string {
  const sum = report.escalations.reduce((total, one) => total + one.count, 0)
  if (!sum) return '没有一件因为没人认领而升级'
  const first = top(report.escalations, (one) => one.count)
  return `升级 ${sum} 次，多在${first?.level_text ?? ''}一级`
}

export function overdueFinding(report: DailyReport): string {
  const { share, count, of } = report.overdue
  if (!of) return '这一天没有到期的时限'
  return count ? `${of} 个到期的时限里 ${count} 个超时，占 ${percent(share)}` : `${of} 个到期的时限都没有超时`
}

export function loadFinding(report: DailyReport): string {
  const most = top(report.load, (one) => one.handled)
  const fullest = top(report.load, (one) => one.open)
  if (!most) return '这一天没有人处置'
  const held = fullest?.open ? `；${fullest.staff_name}手上最多，${fullest.open} 件` : ''
  return most.handled ? `${most.staff_name}处置最多，${most.handled} 件${held}` : `还没有人处置完${held}`
}

/** Which cell had most; with several at the top, how the calls are spread. */
export function heatFinding(cells: { name: string; count: number }[]): string {
  const sum = cells.reduce((total, one) => total + one.count, 0)
  const first = top(cells, (one) => one.count)
  if (!first?.count) return '这段时间没有呼叫'
  const level = cells.filter((one) => one.count === first.count).length
  if (level > 2) return `${sum} 件分散在 ${cells.filter((one) => one.count).length} 个网格，最多的各 ${first.count} 件`
  return `${first.name}最多，${first.count} 件，占 ${percent(first.count / sum)}`
}

export { percent }
