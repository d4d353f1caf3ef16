import type { Clock, EventCard, EventDetail, Light, ListName } from '@/api/worker'
import type { Job, JobKind } from '@/stores/outbox-rules'

/** What a grid worker sees of an event, and what it will be once the kept actions have gone out. */

type Tone = 'brand' | 'good' | 'warn' | 'bad' | 'plain'

export const LISTS: { key: ListName; text: string; empty: string; hint: string }[] = [
  { key: 'claimable', text: '可认领', empty: '现在没有等人认领的事', hint: '有新的会自动出现在这里' },
  { key: 'mine', text: '我的', empty: '手上没有事', hint: '认领一件，或在巡查时随手报' },
  { key: 'overdue', text: '超时', empty: '没有超时的事', hint: '按时办的都不会来这里' },
  { key: 'verify', text: '待核查', empty: '没有等您核查的事', hint: '同事办完的，会请您去看一看' },
]

export const LIGHT: Record<Light, { text: string; tone: Tone }> = {
  green: { text: '时间够', tone: 'good' },
  yellow: { text: '快到时限', tone: 'warn' },
  red: { text: '已超时', tone: 'bad' },
  none: { text: '', tone: 'plain' },
}

const MINUTE = 60_000

/** 2 小时 5 分, 3 天 4 小时, 不到 1 分 */
export function lasting(ms: number): string {
  const minutes = Math.floor(ms / MINUTE)
  if (minutes < 1) return '不到 1 分钟'
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  if (days) return `${days} 天${hours ? ` ${hours} 小时` : ''}`
  if (hours) return `${hours} 小时${rest ? ` ${rest} 分钟` : ''}`
  return `${rest} 分钟`
}

/** 认领还剩 12 分钟, 处置已超 2 小时, 挂账中; '' without a clock. */
export function clockLine(clock: Clock | null, now: Date): string {
  if (!clock) return ''
  if (clock.paused) return '挂账中，不计时'
  if (!clock.due_at) return ''
  const left = Date.parse(clock.due_at) - now.getTime()
  return left > 0 ? `${clock.kind_text}还剩 ${lasting(left)}` : `${clock.kind_text}已超 ${lasting(-left)}`
}

/** 榕荫里网格、桂香苑网格等 14 个网格 */
export const cellsText = (cells: { name: string }[]): string => {
  const names = cells.slice(0, 2).map(({ name }) => name).join('、')
  return cells.length > 2 ? `${names}等 ${cells.length} 个网格` : names
}

export const MINE_TEXT: Record<string, string> = {
  lead: '我主办', co: '我协办', candidate: '等人认领', verify: '请我核查', department: '部门协同',
}

/** What an action will have done, as far as the phone can know. */
const AFTER: Partial<Record<JobKind, { state: EventCard['state']; text: string; can: string[] }>> = {
  claim: { state: 'claimed', text: '已认领', can: ['start', 'schedule', 'contact', 'note', 'release'] },
  accept: { state: 'claimed', text: '已认领', can: ['start', 'schedule', 'contact', 'note'] },
  release: { state: 'called', text: '待认领', can: [] },
  decline: { state: 'called', text: '待认领', can: [] },
  schedule: { state: 'scheduled', text: '已约时间', can: ['start', 'schedule', 'contact', 'note'] },
  start: { state: 'in_progress', text: '处置中', can: ['dispose', 'contact', 'note'] },
  dispose: { state: 'disposed', text: '待核查', can: ['note'] },
  verify: { state: 'verified', text: '已核查', can: [] },
  transfer: { state: 'transferred', text: '已转紧急服务', can: [] },
}

export const waitingFor = (id: string, jobs: Job[]): Job[] =>
  jobs.filter((job) => job.about === id && job.state === 'waiting')
export const refusedFor = (id: string, jobs: Job[]): Job[] =>
  jobs.filter((job) => job.about === id && job.state === 'refused')

/** The event with what still waits on the phone already done. */
export function expected<T extends EventCard>(event: T, jobs: Job[]): T {
  let seen = event
  for (const { kind } of waitingFor(event.id, jobs)) {
    const after = AFTER[kind]
    if (!after) continue
    const mine = kind === 'claim' || kind === 'accept' ? 'lead' : seen.mine
    seen = { ...seen, state: after.state, state_text: after.text, mine, clock: null, light: 'none' }
    if ('can' in seen) (seen as unknown as EventDetail).can = after.can
  }
  return seen
}

/** An event that so far only this phone knows: a report that waits. */
export function draftEvent(job: Job): EventDetail {
  const body = job.body as { words?: string; address?: string; latitude?: number; longitude?: number }
  const at = new Date(job.at).toISOString()
  return {
    id: `job:${job.id}`, number: '', title: (body.words ?? job.title).slice(0, 40), category: { code: '', name: '' },
    urgency: 'normal', urgency_text: '', source_text: '巡查发现', state: 'called', state_text: '待认领',
    street_name: '', community_name: '', cell_name: '', address: body.address ?? '', latitude: null, longitude: null,
    gcj02: null, called_at: at, callers_count: 1, lead_name: null, level_text: '', light: 'none', clock: null,
    photo_url: null, distance_m: null, mine: null, on_hold: false, orders_open: 0, version: 0,
    words: body.words ?? '', confidential: false, voice: null, photos: [], before_photo: false, after_photo: false,
    result: '', public_result: '', visit_at: null, callers: [], subtasks: [], whistles: [], requests: [], orders: [],
    ticket_number: null, external_number: null, clocks: [], duplicates: [], parent: null, children: [], timeline: [], navigation_url: '', can: ['claim'],
  }
}
