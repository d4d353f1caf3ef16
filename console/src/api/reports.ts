import { client } from './client'
import type { Page } from './types'

/** Calls about what the days add up to: the daily report, the heat map, the hot issues. */

export interface DailyReport {
  date: string
  called: number
  closed: number
  open_now: number
  response: {
    p50_minutes: number | null
    p90_minutes: number | null
    buckets: { label: string; count: number }[]
  }
  escalations: { level_text: string; count: number }[]
  overdue: { share: number; count: number; of: number }
  by_category: { code: string; name: string; count: number; closed: number; overdue: number }[]
  by_street: { id: string | null; name: string; count: number; closed: number; overdue: number }[]
  load: { staff_name: string; handled: number; open: number }[]
  satisfaction: { average: number | null; rated: number }
  hours: { hour: number; called: number; claimed: number }[]
}
export const dailyReport = (date: string, street: string) =>
  client.get<DailyReport>('/staff/reports/daily', { date, street })

export interface Heat {
  cells: { cell_id: string; name: string; count: number }[]
  points: [number, number, number][]
}
export const heat = (from: string, to: string, category: string) =>
  client.get<Heat>('/staff/reports/heat', { from, to, category })

export interface HotIssue {
  id: string
  title: string
  words: string[]
  count: number
  event_ids: string[]
  places: string[]
  first_at: string
  last_at: string
  score: number
}
export const hotIssues = (date: string) => client.get<Page<HotIssue>>('/staff/hot-issues', { date })
