import { request } from './http'
import type { EventState, EventVoice, Photo, Place, Where } from './events'
import type { Me } from './types'

/** The work account that a phone is bound to. */
export interface Worker {
  staff_id: string
  name: string
  role_text: string
  permissions: string[]
  streets: { id: string; name: string }[]
}

export type Light = 'green' | 'yellow' | 'red' | 'none'
export type Mine = 'lead' | 'co' | 'candidate' | 'verify' | 'department'

export interface Clock {
  kind: string
  kind_text: string
  due_at: string | null
  paused: boolean
}

export interface EventCard extends Place {
  id: string
  number: string
  title: string
  category: { code: string; name: string }
  urgency: 'urgent' | 'normal'
  urgency_text: string
  source_text: string
  state: EventState
  state_text: string
  street_name: string
  community_name: string
  cell_name: string
  address: string
  called_at: string
  callers_count: number
  lead_name: string | null
  level_text: string
  light: Light
  clock: Clock | null
  photo_url: string | null
  distance_m: number | null
  mine: Mine | null
  on_hold: boolean
  orders_open: number
  version: number
}

export interface Caller {
  id: string
  name_masked: string
  phone_masked: string | null
  kind_text: string
  joined_at: string
  words: string
  told_at: string | null
  score: number | null
  comment: string
  can_reveal: boolean
}

export interface Subtask {
  id: string
  what: string
  who_text: string
  mandatory: boolean
  state: string
  state_text: string
  due_at: string | null
  light: Light
  result: string
  photos: Photo[]
  can: string[]
}

export interface Whistle {
  id: string
  department_name: string
  what: string
  hard: boolean
  state: string
  state_text: string
  due_at: string | null
  light: Light
  note: string
  can: string[]
}

export interface WorkRequest {
  id: string
  kind_text: string
  reason: string
  until: string | null
  state: string
  state_text: string
  asked_by: string
  decided_by: string | null
  note: string
  can: string[]
}

export interface Order {
  id: string
  words: string
  due_at: string
  state_text: string
  reply: string
  by_name: string
  can: string[]
}

export interface Line {
  at: string
  action: string
  action_text: string
  actor_name: string
  role_text: string
  text: string
  internal_text: string
  photos: Photo[]
}

export interface EventDetail extends EventCard {
  words: string
  confidential: boolean
  voice: EventVoice | null
  photos: Photo[]
  before_photo: boolean
  after_photo: boolean
  result: string
  public_result: string
  visit_at: string | null
  callers: Caller[]
  subtasks: Subtask[]
  whistles: Whistle[]
  requests: WorkRequest[]
  orders: Order[]
  parent: { id: string; number: string; title: string; state_text: string } | null
  timeline: Line[]
  navigation_url: string
  can: string[]
}

export type ListName = 'claimable' | 'mine' | 'overdue' | 'verify'
export interface WorkList {
  items: EventCard[]
  counts: Record<ListName, number>
}

export interface Shift {
  on_duty: boolean
  shift_text: string
  cells: { id: string; name: string }[]
}

export interface Patrol {
  id: string
  state: string
  state_text?: string
  started_at: string
  finished_at: string | null
  distance_m?: number
  points_count?: number
  checks_count?: number
  found_count?: number
}

export interface CheckItem {
  key: string
  text: string
  hint?: string
}
export interface CheckList {
  place_type: string
  name: string
  items: CheckItem[]
}

export interface Choice {
  id: string
  name: string
  note?: string
}

/** Whom a worker can ask for help with an event. */
export interface Parties {
  colleagues: Choice[]
  departments: Choice[]
}

/** The person as the API tells it, with the work account. */
export type MeAtWork = Me & { worker?: Worker | null }

/** What only reads, or must be answered at once; all other work goes through the outbox. */
export const work = {
  list: (list: ListName, where: Where) => request<WorkList>('GET', '/worker/events', { query: { list, ...where } }),
  event: (id: string) => request<EventDetail>('GET', `/worker/events/${id}`),
  shift: () => request<Shift>('GET', '/worker/shift'),
  patrols: () => request<{ items: Patrol[] }>('GET', '/worker/patrols'),
  checkLists: () => request<{ items: CheckList[] }>('GET', '/worker/check-lists'),
  parties: (event: string) => request<Parties>('GET', `/worker/events/${event}/parties`),
  reveal: (event: string, caller: string, purpose: string, key: string) =>
    request<{ value: string }>('POST', `/worker/events/${event}/callers/${caller}/reveals`, { body: { field: 'phone', purpose }, key }),
}

export const binding = {
  bind: (username: string, password: string, totp: string, key: string) =>
    request<Me>('POST', '/me/worker-binding', { body: { username, password, totp }, key }),
  release: (key: string) => request<Me>('DELETE', '/me/worker-binding', { key }),
}
