import { client } from './client'
import type { Page } from './types'

/** Calls about events (有呼同应): the desk's list and map, one event, what is done with it. */

export type Light = 'green' | 'yellow' | 'red' | 'none'
export type Urgency = 'urgent' | 'normal'

export interface Point {
  latitude: number
  longitude: number
}
export interface Named {
  code: string
  name: string
}
export interface Clock {
  kind: string
  kind_text: string
  due_at: string | null
  paused: boolean
}

export interface EventCard {
  id: string
  number: string
  title: string
  category: Named
  urgency: Urgency
  urgency_text: string
  source_text: string
  state: string
  state_text: string
  street_name: string | null
  community_name: string | null
  cell_name: string | null
  address: string
  latitude: number | null
  longitude: number | null
  gcj02: Point | null
  called_at: string
  callers_count: number
  lead_name: string | null
  level_text: string | null
  light: Light
  clock: Clock | null
  photo_url: string | null
  distance_m: number | null
  mine: 'lead' | 'co' | 'candidate' | 'verify' | 'department' | null
  on_hold: boolean
  orders_open: number
  version: number
}

export interface Photo {
  id: string
  url: string
  small_url: string
  role: string
  role_text: string
  at: string
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
  staff_id: string | null
  department_id: string | null
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
  department_id: string
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
export interface EventRequest {
  id: string
  kind: string
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
  state: string
  state_text: string
  reply: string
  by_name: string
  can: string[]
}
export interface EventClock {
  kind: string
  kind_text: string
  state_text: string
  started_at: string
  due_at: string | null
  stopped_at: string | null
  light: Light
  paused_minutes: number
}
export interface EventLine {
  at: string
  action: string
  action_text: string
  actor_name: string
  role_text: string
  text: string
  internal_text: string
  photos: Photo[]
}
export interface EventLink {
  id: string
  number: string
  title: string
  state_text: string
}
export interface EventDetail extends EventCard {
  words: string
  confidential: boolean
  voice: { url: string; seconds: number; text: string; state_text: string } | null
  photos: Photo[]
  result: string
  public_result: string
  visit_at: string | null
  ticket_number: string | null
  external_number: string | null
  callers: Caller[]
  subtasks: Subtask[]
  whistles: Whistle[]
  requests: EventRequest[]
  orders: Order[]
  clocks: EventClock[]
  duplicates: EventCard[]
  parent: EventLink | null
  children: EventLink[]
  timeline: EventLine[]
  navigation_url: string | null
  can: string[]
}

export interface EventFilter {
  state: string
  street: string
  category: string
  light: string
  source: string
  q: string
}
export interface Counts {
  open: number
  called: number
  assigned: number
  working: number
  to_verify: number
  to_rate: number
  overdue: number
  urgent: number
  on_hold: number
}
export interface EventPage extends Page<EventCard> {
  counts: Counts
}
export const eventPage = (filter: EventFilter, cursor: string | null) =>
  client.get<EventPage>('/staff/events', { ...filter, cursor, limit: 50 })

export interface MapPoint extends Point {
  id: string
  state: string
  light: Light
  urgency: Urgency
  title: string
}
export interface EventMap {
  items: MapPoint[]
  cells: { cell_id: string; open: number }[]
  as_of: string
}
export const eventMap = (bbox: string) => client.get<EventMap>('/staff/events/map', { bbox })

export const event = (id: string) => client.get<EventDetail>(`/staff/events/${id}`)

export interface Change {
  id: string
  what: string
  event: EventCard
}
export interface ChangeList {
  items: Change[]
  next_cursor: string
  /** Too long ago: read everything anew. */
  reset: boolean
}
export const changes = (after: string | null) => client.get<ChangeList>('/staff/events/changes', { after })

/** Does something with an event; the answer is the event as it is now. */
export const actOn = (id: string, action: string, body: object) =>
  client.send<EventDetail>('POST', `/staff/events/${id}/${action}`, body)

export interface Candidate {
  staff_id: string
  name: string
  role_text: string
  cells: string[]
  open_count: number
  on_duty: boolean
}
export const candidates = (id: string) => client.get<Page<Candidate>>(`/staff/events/${id}/candidates`)

export interface DepartmentOnDuty {
  department_id: string
  name: string
  /** False where nobody is on the roster now and all handlers answer. */
  by_roster: boolean
  people: { staff_id: string; name: string }[]
}
export const departmentsOnDuty = () => client.get<Page<DepartmentOnDuty>>('/staff/departments-on-duty')

export type CallerField = 'name' | 'phone'
export const revealCaller = (eventId: string, callerId: string, field: CallerField, purpose: string) =>
  client.send<{ value: string }>('POST', `/staff/events/${eventId}/callers/${callerId}/reveals`, {
    field,
    purpose,
  })

export const decide = (requestId: string, approved: boolean, note: string) =>
  client.send('POST', `/staff/event-requests/${requestId}/decision`, { approved, note })

export type OrderStep = 'reply' | 'close'
export const withdrawRequest = (id: string) => client.send('POST', `/staff/event-requests/${id}/withdraw`, {})
export const stepOrder = (id: string, step: OrderStep, body: object) =>
  client.send('POST', `/staff/supervisions/${id}/${step}`, body)

export type WhistleStep = 'sign' | 'contact' | 'arrive' | 'finish' | 'return' | 'withdraw'
export const stepWhistle = (id: string, step: WhistleStep, body: object) =>
  client.send('POST', `/staff/whistles/${id}/${step}`, body)

export type SubtaskStep = 'accept' | 'finish' | 'return' | 'withdraw'
export const stepSubtask = (id: string, step: SubtaskStep, body: object) =>
  client.send('POST', `/staff/subtasks/${id}/${step}`, body)

export interface Suggestion {
  categories: { code: string; name: string; parent_name: string; sure: number }[]
  emergency: { matched: boolean; services: { number: string; name: string }[]; advice: string } | null
  similar: SimilarEvent[]
  place: { street_name: string; community_name: string; cell_name: string } | null
}
export interface SimilarEvent {
  id: string
  title: string
  state_text: string
  distance_m: number | null
  callers_count: number
  called_at: string
  photo_url: string | null
}
export const suggest = (words: string, place: Point | null) =>
  client.send<Suggestion>('POST', '/event-suggestions', { words, ...(place ?? {}) })

export interface Category {
  code: string
  name: string
  icon: string
  children: { code: string; name: string; hint: string }[]
}
export const categories = () => client.get<Page<Category>>('/event-categories')

export interface StoredFile {
  id: string
  media_type: string
  size: number
  url: string
}
export function uploadPhoto(file: File): Promise<StoredFile> {
  const form = new FormData()
  form.set('purpose', 'event_photo')
  form.set('file', file)
  return client.upload('/staff/files', form)
}

export interface NewCall {
  source: string
  words: string
  category_code?: string
  urgency?: Urgency
  address: string
  latitude?: number
  longitude?: number
  caller_name?: string
  external_number?: string
  confidential?: boolean
}
export const call = (body: NewCall) => client.send<EventDetail>('POST', '/staff/events', body)

export interface Intake {
  id: string
  channel: string
  channel_text: string
  sender_masked: string
  /** As written in the group. */
  said_at: string
  words: string
  address: string
  category_code: string | null
  state: string
  state_text: string
  event_id: string | null
  reason: string
  received_at: string
}
export const intakePage = (state: string, cursor: string | null) =>
  client.get<Page<Intake>>('/staff/intakes', { state, cursor, limit: 50 })
export const pasteIntake = (text: string) => client.send<Page<Intake>>('POST', '/staff/intakes', { text })

export interface Conversion {
  words: string
  category_code: string
  urgency?: Urgency
  address: string
  latitude?: number
  longitude?: number
}
export const intakeToEvent = (id: string, body: Conversion) =>
  client.send<Intake>('POST', `/staff/intakes/${id}/event`, body)
export const dismissIntake = (id: string, reason: string) =>
  client.send<Intake>('POST', `/staff/intakes/${id}/dismissals`, { reason })
