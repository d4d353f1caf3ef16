import { client } from './client'
import type { components } from './schema'

/** Calls about what the days add up to: the daily report, the heat map, the hot issues. */

type Schemas = components['schemas']
export type DailyReport = Schemas['DailyReport']
export type HotMember = Schemas['HotIssueMember']
export type HotIssue = Schemas['HotIssue']
export type HotDay = Schemas['HotIssueDay']
/** `points`: latitude, longitude, count, by squares of about 100 m. */
export type Heat = Schemas['Heat']

export const dailyReport = (date: string, street: string) =>
  client.get<DailyReport>('/staff/reports/daily', { date, street })

export const heat = (from: string, to: string, category: string) =>
  client.get<Heat>('/staff/reports/heat', { from, to, category })

/** Without a date: the newest finding. */
export const hotIssues = (date: string) => client.get<HotDay>('/staff/hot-issues', { date })
export const findHotIssues = () => client.send<Omit<HotDay, 'items'>>('POST', '/staff/hot-issues/runs', {})
