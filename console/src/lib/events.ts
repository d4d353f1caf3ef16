import type { EventCard, EventFilter, Light } from '@/api/events'
import { minutes } from './format'

/** Words for events: lights, states, sources, what is left of a limit. */

export const LIGHTS: Record<Light, { text: string; mark: string }> = {
  red: { text: '已超时', mark: '■' },
  yellow: { text: '快到时', mark: '▲' },
  green: { text: '时间够', mark: '●' },
  none: { text: '不计时', mark: '–' },
}

export const STATES: Record<string, string> = {
  open: '没办完的',
  called: '待认领',
  assigned: '已指派',
  claimed: '已认领',
  scheduled: '已约时间',
  in_progress: '处置中',
  whistled: '已吹哨',
  disposed: '待核查',
  verified: '待评价',
  reopened: '已重开',
  closed: '已办结',
  cancelled: '已撤销',
  transferred: '已转紧急服务',
  merged: '已并入',
  ticketed: '已转12345',
}

const ENDED = new Set(['closed', 'cancelled', 'transferred', 'merged', 'ticketed'])
export const isOpen = (state: string) => !ENDED.has(state)

export const SOURCES: Record<string, string> = {
  resident: '群众上报',
  patrol: '巡查发现',
  superior: '上级交办',
  ticket: '12345转办',
  wechat: '微信转发',
  open311: '开放接口',
}

/** 还有 25 分钟, 超了 2 小时, 挂账中 — what the running clock says. */
export function remaining(
  clock: { due_at: string | null; paused: boolean } | null,
  now: Date = new Date(),
): string {
  if (!clock?.due_at) return '—'
  if (clock.paused) return '挂账，不计时'
  const left = (new Date(clock.due_at).getTime() - now.getTime()) / 60_000
  return left >= 0 ? `还有 ${amount(left)}` : `超了 ${amount(-left)}`
}

/** 25 分钟, 3 小时, 2 天: one unit, as one says it. */
export function amount(value: number): string {
  if (value < 60) return `${Math.max(1, Math.round(value))} 分钟`
  if (value < 48 * 60) return minutes(Math.round(value / 60) * 60)
  return `${Math.round(value / 1440)} 天`
}

/** 越和街 · 东湖社区 · 第3网格, without what is missing. */
export function placeText(row: Pick<EventCard, 'street_name' | 'community_name' | 'cell_name'>): string {
  return [row.street_name, row.community_name, row.cell_name].filter(Boolean).join(' · ') || '还不知道在哪个网格'
}

export interface FilterNames {
  street: (id: string) => string
  /** A category's own code and those below it. */
  family: (code: string) => string[]
}

/** Whether a changed event belongs to what the filter shows; the server decides on the next read. */
export function matches(card: EventCard, filter: EventFilter, names: FilterNames): boolean {
  if (filter.state === 'open' ? !isOpen(card.state) : filter.state !== 'all' && card.state !== filter.state) return false
  if (filter.light && card.light !== filter.light) return false
  if (filter.source && card.source_text !== SOURCES[filter.source]) return false
  if (filter.street && card.street_name !== names.street(filter.street)) return false
  if (filter.category && !names.family(filter.category).includes(card.category.code)) return false
  const words = filter.q.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const text = [card.number, card.title, card.address, card.lead_name, placeText(card)].join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}

/** The list with a changed event in its place: new ones first, gone ones out. */
export function upsert(rows: EventCard[], card: EventCard, belongs: boolean): EventCard[] {
  const at = rows.findIndex((row) => row.id === card.id)
  if (at < 0) return belongs ? [card, ...rows] : rows
  const old = rows[at]
  if (!belongs) return rows.filter((row) => row.id !== card.id)
  if (old && old.version > card.version) return rows
  return rows.map((row) => (row.id === card.id ? { ...card, distance_m: row.distance_m } : row))
}
