import { client } from './client'

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

export interface HotMember {
  id: string
  /** `event`, or a ticket of the hotline. */
  kind: string
  title: string
  at: string
  place: string
  callers: number
}
export interface HotIssue {
  id: string
  rank: number
  title: string
  words: string[]
  count: number
  callers: number
  /** The last seven days against the seven before: -1 silent, 0 as before, 1 new. */
  growth: number
  score: number
  places: string[]
  first_at: string
  last_at: string
  event_ids: string[]
  members: HotMember[]
}
export interface HotDay {
  date: string
  made_at: string | null
  waiting: boolean
  messages: number
  items: HotIssue[]
}
/** Without a date: the newest finding. */
export const hotIssues = (date: string) => client.get<HotDay>('/staff/hot-issues', { date })
export const findHotIssues = () => client.send<Omit<HotDay, 'items'>>('POST', '/staff/hot-issues/runs', {})
