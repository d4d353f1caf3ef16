import { address, request } from './http'
import type { components } from './schema'
import type { Appointment, Page } from './types'

/** Moving a booking, waiting for a place, acting for others, several at once, and what counts. */
type Schemas = components['schemas']
type Hall = Appointment['hall']
type Item = Appointment['item']

/** A place the hall keeps for one person until `expires_at`. */
export type Offer = Schemas['Offer']
/** Waiting for a place of a full day. */
export type Entry = Schemas['Entry']
export type NewEntry = Schemas['Join']

/** Another time or hall where there is room. */
export interface Another {
  hall: Hall
  date: string
  slot_id: string
  start: string
  end: string
  remaining: number
  why_text: string
}

export const moving = {
  move: (id: string, slot_id: string, key: string) =>
    request<Appointment>('POST', `/appointments/${id}/reschedule`, { body: { slot_id }, proof: true, key }),
}

/** Where a calendar program reads one's appointments; null while no feed is open. */
export interface Feed {
  url: string | null
  created_at: string | null
}

export const calendar = {
  file: (id: string): string => address(`/appointments/${id}/calendar.ics`),
  feed: () => request<Feed>('GET', '/calendar-feed'),
  open: (key: string) => request<Feed>('POST', '/calendar-feed', { key }),
  close: (key: string) => request<null>('DELETE', '/calendar-feed', { key }),
}

export const waitlist = {
  join: (entry: NewEntry, key: string) => {
    const proof = { path: `/halls/${entry.hall_id}/slots`, query: { item_id: entry.item_id, date: entry.date } }
    return request<Entry>('POST', '/waitlist', { body: { ...entry }, proof, key })
  },
  mine: () => request<Page<Entry>>('GET', '/waitlist'),
  get: (id: string) => request<Entry>('GET', `/waitlist/${id}`),
  leave: (id: string, key: string) => request<Entry>('POST', `/waitlist/${id}/leave`, { key }),
}

export const offers = {
  mine: () => request<Page<Offer>>('GET', '/slot-offers'),
  get: (id: string) => request<Offer>('GET', `/slot-offers/${id}`),
  accept: (id: string, key: string) => request<Appointment>('POST', `/slot-offers/${id}/accept`, { key }),
  decline: (id: string, key: string) => request<Offer>('POST', `/slot-offers/${id}/decline`, { key }),
}

export const others = (hall: string, item_id: string, date: string) =>
  request<Page<Another>>('GET', `/halls/${hall}/suggestions`, { query: { item_id, date } })

/** That one person may act for another (代办), as one of the two sees it. */
export interface Consent {
  id: string
  /** What I am in it. */
  role: 'principal' | 'agent'
  /** The other, masked. */
  other_name: string
  /** Null: any business. */
  item: Item | null
  relation: string
  state: 'asked' | 'given' | 'refused' | 'withdrawn'
  state_text: string
  way: 'online' | 'paper'
  until: string
  asked_at: string
  can_answer: boolean
  can_withdraw: boolean
  version: number
}

export interface NewConsent {
  role: Consent['role']
  name: string
  phone: string
  item_id: string | null
  relation: string
  until: string
}

export const agents = {
  mine: () => request<Page<Consent>>('GET', '/agent-consents'),
  ask: (consent: NewConsent, key: string) =>
    request<unknown>('POST', '/agent-consents', { body: { ...consent }, key }),
  answer: (id: string, give: boolean, key: string) =>
    request<Consent>('POST', `/agent-consents/${id}/answer`, { body: { give }, key }),
  withdraw: (id: string, key: string) => request<Consent>('POST', `/agent-consents/${id}/withdraw`, { key }),
}

/** Times that fit several items one after the other. */
export interface VisitTime {
  start: string
  end: string
  parts: { item_id: string; item_name: string; slot_id: string; start: string; end: string }[]
}

/** Several appointments made as one. */
export interface Visit {
  id: string
  kind: 'items' | 'group'
  appointments: Appointment[]
}

export interface VisitPart {
  item_id: string
  slot_id: string
  /** Whom it is for; null is the one who books. */
  consent_id: string | null
}

export const visits = {
  times: (hall: string, date: string, items: string[]) =>
    request<Page<VisitTime>>('GET', `/halls/${hall}/visit-times`, { query: { date, item_ids: items.join(',') }, looks: true }),
  book: (kind: Visit['kind'], parts: VisitPart[], key: string) =>
    request<Visit>('POST', '/visits', { body: { kind, parts }, proof: true, key }),
  get: (id: string) => request<Visit>('GET', `/visits/${id}`),
  cancel: (id: string, reason: string, key: string) =>
    request<Visit>('POST', `/visits/${id}/cancel`, { body: { reason }, key }),
  move: (id: string, parts: { appointment_id: string; slot_id: string }[], key: string) =>
    request<Visit>('POST', `/visits/${id}/reschedule`, { body: { parts }, proof: true, key }),
}

/** A booking that was not kept, as it counts against online booking. */
export interface Missed {
  appointment_id: string
  item_name: string
  hall_name: string
  start: string
  state: 'counted' | 'appealed' | 'upheld' | 'forgiven'
  state_text: string
  can_appeal: boolean
  appeal: string
  decision: string
}

export interface Standing {
  missed: Missed[]
  counted: number
  most: number
  within_days: number
  banned_until: string | null
}

export const standing = {
  get: () => request<Standing>('GET', '/booking-standing'),
  appeal: (id: string, words: string, key: string) =>
    request<unknown>('POST', `/missed-appointments/${id}/appeal`, { body: { words }, key }),
}
