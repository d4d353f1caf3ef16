import { call, request, type Answer } from './http'
import type { Areas, Box } from '@/platform/map'
import type { Page } from './types'

export interface Place {
  latitude: number | null
  longitude: number | null
  gcj02: { latitude: number; longitude: number } | null
}

export interface Photo {
  id: string
  url: string
  small_url: string
  role: string
  role_text: string
  at: string
}

export interface CategoryGroup {
  code: string
  name: string
  icon: string
  children: { code: string; name: string; hint: string }[]
}

export interface SuggestedCategory {
  code: string
  name: string
  parent_name: string
  /** 0 to 1 */
  sure: number
}

export interface EmergencyService {
  number: string
  name: string
}

export interface Emergency {
  matched: boolean
  services: EmergencyService[]
  advice: string
}

export interface SimilarEvent {
  id: string
  title: string
  state_text: string
  distance_m: number
  callers_count: number
  called_at: string
  photo_url: string | null
}

export interface PlaceNames {
  street_name: string
  community_name: string
  cell_name: string
}

export interface Suggestions {
  categories: SuggestedCategory[]
  emergency: Emergency | null
  similar: SimilarEvent[]
  place: PlaceNames | null
}

export interface Where {
  latitude?: number | null
  longitude?: number | null
  coordinate_system?: 'wgs84' | 'gcj02'
}

export interface NewReport extends Where {
  words: string
  category_code: string | null
  address: string
  file_ids: string[]
  voice_id: string | null
  confidential: boolean
}

export type EventState =
  | 'called' | 'assigned' | 'claimed' | 'scheduled' | 'in_progress' | 'whistled' | 'disposed' | 'verified'
  | 'closed' | 'reopened' | 'cancelled' | 'transferred' | 'merged' | 'ticketed'
export type EventCan = 'cancel' | 'confirm' | 'rate' | 'reopen' | 'add'

export interface MyEventCard {
  id: string
  number: string
  title: string
  category: { code: string; name: string }
  state: EventState
  state_text: string
  next_text: string
  address: string
  called_at: string
  callers_count: number
  photo_url: string | null
  can: EventCan[]
}

export interface EventLine {
  at: string
  action: string
  text: string
  actor_text: string
  photos: Photo[]
}

export interface EventVoice {
  url: string
  seconds: number
  text: string
  state_text: string
}

export interface MyEvent extends MyEventCard, Place {
  query_code: string
  due_text: string
  words: string
  voice: EventVoice | null
  confidential: boolean
  photos: Photo[]
  result_photos: Photo[]
  public_result: string
  handler_text: string
  rating: { score: number; comment: string } | null
  timeline: EventLine[]
}

export interface PublicEvent extends Place {
  id: string
  title: string
  category_name: string
  state_text: string
  address_public: string
  at: string
  solved_at: string | null
  photo_url: string | null
}

export interface PublicEventList {
  items: PublicEvent[]
  areas: { street_id: string; street_name: string; count: number }[]
  total: number
}

export interface PublicEventDetail extends PublicEvent {
  public_result: string
  callers_count: number
  photos: Photo[]
  timeline: EventLine[]
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
