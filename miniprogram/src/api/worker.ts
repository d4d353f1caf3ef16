import { request } from './http'
import type { Where } from './events'
import type { components } from './schema'
import type { Me } from './types'

type Schemas = components['schemas']

/** The work account that a phone is bound to. */
export type Worker = Schemas['Worker']
export type EventCard = Schemas['EventCard']
export type Light = EventCard['light']
export type Mine = NonNullable<EventCard['mine']>
export type Clock = Schemas['Clock']
export type Caller = Schemas['Caller']
export type EventDetail = Schemas['EventDetail']
export type Line = Schemas['EventLine']
export type WorkList = Schemas['WorkerEventList']
export type Parties = Schemas['Parties']
export type DemoStaff = Schemas['DemoStaffMember']

export type ListName = 'claimable' | 'mine' | 'overdue' | 'verify'
export interface Shift {
  on_duty: boolean
  shift_text: string
  cells: { id: string; name: string }[]
}

export interface Patrol {
  id: string
  state: string
  state_text: string
  started_at: string
  finished_at: string | null
  /** Metres */
  distance_m: number
  points_count: number
  checks_count: number
  failed_count: number
  found_count: number
}

export interface CheckItem {
  key: string
  text: string
  hint: string
}
export interface CheckList {
  place_type: string
  version: number
  name: string
  items: CheckItem[]
}

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
  demoStaff: () => request<{ items: DemoStaff[] }>('GET', '/demo/staff'),
  bind: (username: string, password: string, totp: string, key: string) =>
    request<Me>('POST', '/me/worker-binding', { body: { username, password, totp }, key }),
  release: (key: string) => request<Me>('DELETE', '/me/worker-binding', { key }),
}
