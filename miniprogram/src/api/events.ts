import { call, request, type Answer } from './http'
import type { Areas, Box } from '@/platform/map'
import type { components } from './schema'
import type { Page } from './types'

export interface Place {
  latitude: number | null
  longitude: number | null
  gcj02: { latitude: number; longitude: number } | null
}

type Schemas = components['schemas']

export type Photo = Schemas['Photo']
/** A photo of any matter; an event's says what it shows. */
export type Picture = Pick<Photo, 'id' | 'url' | 'small_url'> & { role_text?: string }
export type CategoryGroup = Schemas['CategoryGroup']
export type SuggestedCategory = Schemas['SuggestedCategory']
export type EmergencyService = Schemas['EmergencyService']
export type Emergency = Schemas['Emergency']
export type SimilarEvent = Schemas['Similar']
export type PlaceNames = Schemas['PlaceNames']
export type Suggestions = Schemas['Suggestions']
export type MyEventCard = Schemas['MyEventCard']
export type EventState = MyEventCard['state']
export type EventCan = MyEventCard['can'][number]
export type EventLine = Schemas['MyLine']
export type EventVoice = Schemas['Voice']
export type MyEvent = Schemas['MyEvent']
export type PublicEvent = Schemas['PublicEvent']
export type PublicEventList = Schemas['PublicEventList']
export type PublicEventDetail = Schemas['PublicEventDetail']

/** A place as it is sent: both coordinates, or neither. */
export interface Where {
  latitude?: number | null
  longitude?: number | null
  coordinate_system?: 'wgs84' | 'gcj02'
}

/** A report as this app sends it; ids of files are put in when they are uploaded. */
export interface NewReport extends Where {
  words: string
  category_code: string | null
  address: string
  file_ids: string[]
  voice_id: string | null
  confidential: boolean
}

export type PublicState = 'open' | 'solved'

export const events = {
  categories: () => request<Page<CategoryGroup>>('GET', '/event-categories'),
  suggest: (body: Where & { words: string }) =>
    request<Suggestions>('POST', '/event-suggestions', { body: { ...body }, retries: 0 }),
  mine: (open: boolean | undefined, cursor?: string | null) =>
    request<Page<MyEventCard>>('GET', '/events', { query: { open, cursor } }),
  get: (id: string, etag = ''): Promise<Answer<MyEvent> | null> => call<MyEvent>('GET', `/events/${id}`, { etag }),
  cancel: (id: string, reason: string, key: string) =>
    request<MyEvent>('POST', `/events/${id}/cancellations`, { body: { reason }, key }),
  confirm: (id: string, solved: boolean, note: string, key: string) =>
    request<MyEvent>('POST', `/events/${id}/confirmations`, { body: { solved, note }, key }),
  rate: (id: string, score: number, comment: string, key: string) =>
    request<MyEvent>('POST', `/events/${id}/ratings`, { body: { score, comment }, key }),
  reopen: (id: string, reason: string, key: string) =>
    request<MyEvent>('POST', `/events/${id}/reopenings`, { body: { reason }, key }),
}

export const publicEvents = {
  list: (state: PublicState, category: string, box: Box | null) =>
    request<PublicEventList>('GET', '/public/events', { query: { state, category, bbox: box?.join(',') } }),
  get: (id: string) => request<PublicEventDetail>('GET', `/public/events/${id}`),
  areas: (system: 'wgs84' | 'gcj02', kind?: string) => request<Areas>('GET', '/public/areas', { query: { system, kind } }),
}
