import type { HotlineBoard, Rate, ReportRow } from '@/api/figures'
import { RATE_KEYS, RATE_NAMES, CALL_TARGETS, below, chartValue, countedText, percentText, reasonsText, type RateKey, type Targets } from './rates'
import type { Plot } from './chartOptions'

/** What the wall screen and the reports show of the hotline's figures. */

export interface Tile {
  label: string
  value: string
  note: string
  /** Why some count in no rate. */
  reasons?: string
  bad: boolean
  /** Says the same as the colour: below the target, or too many. */
  mark: '' | '▼' | '▲'
}

function rateTile(label: string, rate: Rate, target: number | null): Tile {
  const bad = below(rate, target)
  const note = [countedText(rate), target === null ? '' : `目标 ${percentText(target)}`].filter(Boolean).join(' · ')
  return { label, value: percentText(rate.rate), note, bad, mark: bad ? '▼' : '' }
}

/** So many waiting callers are too many. */
const MANY_WAITING = 5

/** The telephone: who waits, who talks, and how quickly calls are answered today. */
export function callTiles(board: HotlineBoard): Tile[] {
  const wait = board.average_wait_seconds
  return [
    {
      label: '正在等',
      value: String(board.waiting),
      note: board.waiting ? '位来电人在等' : '没有人在等',
      bad: board.waiting > MANY_WAITING,
      mark: board.waiting > MANY_WAITING ? '▲' : '',
    },
    { label: '正在通话', value: String(board.talking), note: '位话务员在通话', bad: false, mark: '' },
    {
      label: '今天来电',
      value: String(board.calls_today),
      note: wait === null ? '还没有接通的' : `平均等 ${Math.round(wait)} 秒`,
      bad: false,
      mark: '',
    },
    rateTile('接通率', board.connected_rate, CALL_TARGETS.connected),
    rateTile('15 秒内接起', board.answered_15s_rate, CALL_TARGETS.answered),
  ]
}

export const rateTiles = (three: Record<RateKey, Rate>, targets: Targets): Tile[] =>
  RATE_KEYS.map((key) => ({
    ...rateTile(RATE_NAMES[key], three[key], targets[key]),
    reasons: reasonsText(three[key]),
  }))

/** Rates of the groups as bars, with the target as a line where there is one. */
export function ratePlot(rows: ReportRow[], key: RateKey, target: number | null): Plot {
  return {
    labels: rows.map((row) => row.name),
    series: [{ name: RATE_NAMES[key], values: rows.map((row) => chartValue(row[key])) }],
    unit: '%',
    flat: true,
    most: 100,
    ...(target === null ? {} : { target: { value: target * 100, text: `目标 ${percentText(target)}` } }),
  }
}

/** Hours of the day that have begun or had calls, for a screen's bars. */
export function hoursShown<T extends { hour: number; calls: number }>(hours: T[], now: number): T[] {
  const first = hours.find((one) => one.calls > 0)?.hour ?? now
  return hours.filter((one) => one.hour >= Math.min(first, 8) && (one.hour <= now || one.calls > 0))
}

/** The busiest hour in one sentence. */
export function hoursFinding(hours: { hour: number; calls: number; answered: number }[]): string {
  const most = hours.reduce<{ hour: number; calls: number; answered: number } | null>(
    (best, one) => (one.calls > (best?.calls ?? 0) ? one : best),
    null,
  )
  if (!most) return '今天还没有来电'
  const missed = most.calls - most.answered
  return `${most.hour} 点最忙，${most.calls} 个来电，${missed ? `${missed} 个没接到` : '都接到了'}`
}
