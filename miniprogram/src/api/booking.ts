import { request } from './http'
import type { Appointment, Page } from './types'

/** Moving a booking, waiting for a place, acting for others, several at once, and what counts. */
type Hall = Appointment['hall']
type Item = Appointment['item']

/** A place the hall keeps for one person until `expires_at`. */
export interface Offer {
  id: string
  kind: 'waitlist' | 'closing'
  state: 'open' | 'accepted' | 'declined' | 'lapsed' | 'void'
  state_text: string
  start: string
  end: string
  hall: Hall
  item: Item
  made_at: string
  expires_at: string
  /** The booking that the hall had to take back. */
  appointment_id: string | null
  /** The booking it became. */
  booked_id: string | null
}

/** Waiting for a place of a full day. */
export interface Entry {
  id: string
  state: 'waiting' | 'offered' | 'booked' | 'left' | 'ended'
  state_text: string
  item: Item
  hall: Hall
  date: string
  earliest: string | null
  latest: string | null
  ahead: number | null
  joined_at: string
  can_leave: boolean
  offer: Offer | null
  version: number
}

export interface NewEntry {
  hall_id: string
  item_id: string
  date: string
  earliest: string | null
  latest: string | null
}

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
    request<Appointment>('POST', `/appointments/${id}/reschedule`, { body: { slot_id }, key }),
}

export const waitlist = {
  join: (entry: NewEntry, proof: string, key: string) =>
    request<Entry>('POST', '/waitlist', { body: { ...entry }, proof, key }),
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
