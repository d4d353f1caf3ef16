import { request } from './http'
import type { Page } from './types'

export interface Community {
  id: string
  name: string
}
export type ActivityKind = 'volunteer' | 'party' | 'lecture' | 'legal_advice' | 'help' | 'culture'
export type ActivityState = 'published' | 'running' | 'ended' | 'settled' | 'cancelled'
export type SignupState = 'confirmed' | 'waitlisted' | 'offered' | 'attended' | 'absent'
export type ActivityCan = 'sign_up' | 'wait' | 'cancel' | 'accept' | 'check_in'

export interface Signup {
  state: SignupState
  state_text: string
  ahead: number | null
  offered_until: string | null
  checked_in_at: string | null
  minutes: number
}

export interface ActivityCard {
  id: string
  kind: ActivityKind
  kind_text: string
  title: string
  area: Community
  place: string
  starts_at: string
  ends_at: string
  state: ActivityState
  state_text: string
  places: number
  free: number
  waiting: number
  audience_text: string
  mine: Signup | null
}

export interface Activity extends ActivityCard {
  words: string
  contact: string
  gcj02: { latitude: number; longitude: number } | null
  radius_m: number
  check_in: 'code' | 'place' | 'both' | 'either'
  check_in_text: string
  counts_hours: boolean
  reason: string
  next_text: string
  can: ActivityCan[]
}

export interface Neighbourhood {
  areas: Community[]
  all_areas: Community[]
  party_areas: string[]
  verified: boolean
  next_activities: ActivityCard[]
  waiting_for_me: { kind: 'activity' | 'wish' | 'help'; id: string; text: string }[]
}

/** How many took part so far, and what units share. */
export interface LifeFigures {
  activities: number
  sign_ups: number
  visits: number
  minutes: number
  units: number
  resources: number
}

export interface Certificate {
  number: string
  first_day: string
  last_day: string
  hours_text: string
  activities: number
  state: 'valid' | 'withdrawn'
  state_text: string
  reason: string
  issued_at: string
}
export interface OwnCertificate extends Certificate {
  id: string
  name: string
}

export interface MyHours {
  minutes: number
  hours_text: string
  activities: number
  points: number
  ranked: boolean
  years: { year: number; hours_text: string; activities: number }[]
  lines: { activity_id: string; title: string; kind_text: string; day: string; hours_text: string }[]
}

/** What an author reads while others do not see the words yet. */
export interface ContentNotice {
  experience: 'refused' | 'under_review' | 'unavailable' | 'checking'
  title: string
  text: string
}

export type CareCan =
  | 'claim' | 'release' | 'grant' | 'confirm' | 'not_yet' | 'offer' | 'take_back' | 'choose' | 'part' | 'finish'
  | 'withdraw' | 'rewrite' | 'appeal'

/** A wish, or a request for help with its kind, moment and offers. */
export interface Care {
  id: string
  title: string
  words: string
  area: Community
  author: string
  state: string
  state_text: string
  next_text: string
  mine: boolean
  notice: ContentNotice | null
  partner: string
  phone: string
  thanks_text: string
  can: CareCan[]
  kind_text?: string
  until?: string
  offer_text?: string
  offers_count?: number
  offers?: { id: string; name: string; state: string; state_text: string; helped_before: number }[]
}

export interface Post {
  id: string
  area: Community
  title: string
  words: string
  when_text: string
  places: number
  free: number
  state_text: string
  can: ('claim' | 'release')[]
}
export interface Party {
  reports: {
    id: string
    area: Community
    branch: string
    skills: string
    state: 'requested' | 'confirmed' | 'refused' | 'ended'
    state_text: string
    reason: string
  }[]
  posts: Post[]
  wishes: Care[]
}

export interface ResourceCard {
  id: string
  kind_text: string
  name: string
  unit_name: string
  address: string
  area: Community
  open: boolean
  next_free: string | null
}
export interface Resource extends ResourceCard {
  words: string
  can_book: boolean
  next_text: string
}
export interface ResourceDay {
  date: string
  status: 'open' | 'full' | 'closed' | 'not_released'
  remaining: number
}
export interface ResourceSlot {
  id: string
  start: string
  end: string
  remaining: number
  status: 'open' | 'full' | 'past'
}
export interface Booking {
  id: string
  name: string
  address: string
  start: string
  end: string
  purpose: string
  state_text: string
  reason: string
  can_cancel: boolean
}
export interface RankLine {
  place: number
  name: string
  points: number
  me: boolean
}

type Body = Record<string, unknown>
const post = <T>(path: string, body: Body, key: string) => request<T>('POST', path, { body, key })

export const neighbourhood = () => request<Neighbourhood>('GET', '/neighbourhood')

export const lifeFigures = (area?: string) =>
  request<LifeFigures>('GET', '/public/neighbourhood-figures', { query: { area } })

export const activities = {
  list: (when: 'coming' | 'past', kind?: ActivityKind, cursor?: string | null) =>
    request<Page<ActivityCard>>('GET', '/activities', { query: { when, kind, cursor } }),
  mine: (cursor?: string | null) => request<Page<ActivityCard>>('GET', '/my-activities', { query: { cursor } }),
  get: (id: string) => request<Activity>('GET', `/activities/${id}`),
  act: (id: string, step: 'signups' | 'cancellations' | 'acceptances', key: string) =>
    post<Activity>(`/activities/${id}/${step}`, {}, key),
  checkIn: (id: string, proof: Body, key: string) => post<Activity>(`/activities/${id}/check-ins`, proof, key),
}

export const hours = {
  mine: () => request<MyHours>('GET', '/my-hours'),
  certificates: () => request<{ items: OwnCertificate[] }>('GET', '/my-hours/certificates'),
  issue: (first_day: string, last_day: string, key: string) =>
    post<OwnCertificate>('/my-hours/certificates', { first_day, last_day }, key),
  verify: (number: string) =>
    request<Certificate>('GET', `/public/service-certificates/${encodeURIComponent(number)}`),
  rank: (area: string) => request<{ items: RankLine[]; ranked: boolean }>('GET', '/point-ranks', { query: { area } }),
  setRanked: (ranked: boolean, key: string) =>
    request<{ ranked: boolean }>('PUT', '/my-points/rank', { body: { ranked }, key }),
}

export type CareKind = 'wishes' | 'help-requests'
export const care = {
  list: (kind: CareKind, mine: boolean, cursor?: string | null) =>
    request<Page<Care>>('GET', `/${kind}`, { query: { mine: mine || undefined, cursor } }),
  get: (kind: CareKind, id: string) => request<Care>('GET', `/${kind}/${id}`),
  ask: (kind: CareKind, body: Body, key: string) => post<Care>(`/${kind}`, body, key),
  act: (kind: CareKind, id: string, step: string, body: Body, key: string) => post<Care>(`/${kind}/${id}/${step}`, body, key),
}

export const party = {
  get: () => request<Party>('GET', '/party'),
  report: (body: Body, key: string) => post<Party>('/party/reports', body, key),
  end: (id: string, key: string) => post<Party>(`/party/reports/${id}/endings`, {}, key),
  post: (id: string, step: 'claims' | 'releases', key: string) => post<Party>(`/party/posts/${id}/${step}`, {}, key),
}

export const resources = {
  list: () => request<{ items: ResourceCard[] }>('GET', '/resources'),
  get: (id: string) => request<Resource>('GET', `/resources/${id}`),
  days: (id: string) => request<{ items: ResourceDay[] }>('GET', `/resources/${id}/days`),
  slots: (id: string, date: string) => request<{ items: ResourceSlot[] }>('GET', `/resources/${id}/slots`, { query: { date } }),
  book: (id: string, slot_id: string, purpose: string, key: string) =>
    post<Booking>(`/resources/${id}/bookings`, { slot_id, purpose }, key),
  bookings: (cursor?: string | null) => request<Page<Booking>>('GET', '/resource-bookings', { query: { cursor } }),
  cancel: (id: string, key: string) => post<Booking>(`/resource-bookings/${id}/cancellations`, {}, key),
}
