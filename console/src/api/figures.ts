import type { Targets } from '@/lib/rates'
import { client } from './client'

/** Calls about the hotline's figures: the live board and the reports. */

/** One rate with what it was counted from; `rate` is null when nothing counts. */
export interface Rate {
  numerator: number
  denominator: number
  excluded: number
  /** Why some were left out. */
  reasons?: { text: string; count: number }[]
  rate: number | null
}
export interface Three {
  response: Rate
  solved: Rate
  satisfied: Rate
}

export interface HotlineBoard extends Three {
  waiting: number
  talking: number
  calls_today: number
  connected_rate: Rate
  answered_15s_rate: Rate
  average_wait_seconds: number | null
  by_hour: { hour: number; calls: number; answered: number; tickets: number }[]
  targets: Targets
  by_unit: ({ id: string; name: string; open: number; overdue: number } & Three)[]
  as_of: string
}
export const hotlineBoard = () => client.poll<HotlineBoard>('/staff/hotline-board')

export type ReportGroup = 'department' | 'category' | 'street'
export interface ReportRow extends Three {
  id: string
  name: string
  tickets: number
}
export interface HotlineReport {
  from: string
  to: string
  group: ReportGroup
  rows: ReportRow[]
  total: ReportRow
  targets: Targets
  as_of: string
}
export const hotlineReport = (from: string, to: string, group: ReportGroup) =>
  client.get<HotlineReport>('/staff/hotline-reports', { from, to, group })

export const reportAddress = (from: string, to: string, group: ReportGroup) =>
  `/api/v1/staff/hotline-reports/export?from=${from}&to=${to}&group=${group}&format=xlsx`

/** The simulated busy hour: by minute, how many calls came and how long callers and operators waited. */
export interface BusyHour {
  measured_on: string
  operators: number
  calls: number
  /** How many times as quick as people talk the conversations went. */
  pace: number
  tickets: number
  failed: number
  average_wait_seconds: number
  answered_15s_rate: number
  points: { minute: number; calls: number; p50_ms: number; p95_ms: number }[]
  /** Everything operators wait for, over the whole hour. */
  actions: { name: string; text: string; count: number; p50_ms: number; p95_ms: number; p99_ms: number }[]
}
export const busyHour = () => client.get<BusyHour>('/staff/hotline-reports/busy-hour')
