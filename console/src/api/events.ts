import { client } from './client'
import type { components } from './schema'
import type { Page } from './types'

/** Calls about events (有呼同应): the desk's list and map, one event, what is done with it. */

type Schemas = components['schemas']
export type EventCard = Schemas['EventCard']
export type Photo = Schemas['Photo']
export type Caller = Schemas['Caller']
export type Subtask = Schemas['Subtask']
export type Whistle = Schemas['Whistle']
export type EventRequest = Schemas['Request']
export type Order = Schemas['Order']
export type EventClock = Schemas['EventClock']
export type EventLine = Schemas['EventLine']
export type EventDetail = Schemas['EventDetail']
export type Counts = Schemas['Counts']
export type EventPage = Schemas['EventCardPage']
export type MapPoint = Schemas['MapPoint']
export type EventMap = Schemas['EventMap']
export type Change = Schemas['Change']
export type ChangeList = Schemas['ChangeList']
export type Candidate = Schemas['Candidate']
export type StoredFile = Schemas['StoredFile']
export type Suggestion = Schemas['Suggestions']
export type SimilarEvent = Schemas['Similar']
export type Category = Schemas['CategoryGroup']
export type Intake = Schemas['Intake']
export type DepartmentOnDuty = Schemas['DepartmentNow']
export type Light = EventCard['light']
export type Urgency = EventCard['urgency']

export interface Point {
  latitude: number
  longitude: number
}

export interface EventFilter {
  state: string
  street: string
  category: string
  light: string
  source: string
  q: string
}
export const eventPage = (filter: EventFilter, cursor: string | null) =>
  client.get<EventPage>('/staff/events', { ...filter, cursor, limit: 50 })

export const eventMap = (bbox: string) => client.get<EventMap>('/staff/events/map', { bbox })

export const event = (id: string) => client.get<EventDetail>(`/staff/events/${id}`)

export const changes = (after: string | null) => client.get<ChangeList>('/staff/events/changes', { after })

/** Does something with an event; the answer is the event as it is now. */
export const actOn = (id: string, action: string, body: object) =>
  client.send<EventDetail>('POST', `/staff/events/${id}/${action}`, body)

export const candidates = (id: string) => client.get<Page<Candidate>>(`/staff/events/${id}/candidates`)

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

export const suggest = (words: string, place: Point | null) =>
  client.send<Suggestion>('POST', '/event-suggestions', { words, ...(place ?? {}) })

export const categories = () => client.get<Page<Category>>('/event-categories')

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
