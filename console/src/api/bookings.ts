import { client } from './client'
import type { components } from './schema'
import type { ItemCard, Page } from './types'

/** Calls about who may book and who waits: limits, consents on paper, the waitlist, what counts as missed. */

type Schemas = components['schemas']
export type BookingLimit = Schemas['BookingLimit']
export type BookingLimits = Schemas['BookingLimitList']
export type LimitPer = BookingLimit['per']
export interface LimitBody {
  hall_id: string | null
  group: string | null
  item_id: string | null
  per: LimitPer
  most: number
}

export const bookingLimits = () => client.get<BookingLimits>('/staff/booking-limits')
export const addLimit = (body: LimitBody) => client.send<BookingLimit>('POST', '/staff/booking-limits', body)
export const changeLimit = (id: string, most: number) =>
  client.send<BookingLimit>('PATCH', `/staff/booking-limits/${id}`, { most })
export const dropLimit = (id: string) => client.send<void>('DELETE', `/staff/booking-limits/${id}`)

export interface PaperPerson {
  name: string
  id_number: string
}
export interface PaperConsentBody {
  hall_id: string
  principal: PaperPerson
  agent: PaperPerson
  item_id: string | null
  relation: string
  until: string
}
export type PaperConsent = Schemas['PaperConsentShown']
export const registerConsent = (body: PaperConsentBody) =>
  client.send<PaperConsent>('POST', '/staff/agent-consents', body)

export type WaitingEntry = Schemas['StaffEntry']
export const waitlist = (hallId: string, date: string) =>
  client.poll<Page<WaitingEntry>>(`/staff/halls/${hallId}/waitlist`, { date })

export type MissedRow = Schemas['StaffMissed']
export interface MissedQuery {
  state?: string
  hall_id?: string
  cursor?: string | null
}
export const missedPage = (query: MissedQuery) =>
  client.get<Page<MissedRow>>('/staff/missed-appointments', { ...query })
export const decideMissed = (row: MissedRow, forgive: boolean, words: string) =>
  client.send<MissedRow>('POST', `/staff/missed-appointments/${row.appointment_id}/decision`, {
    forgive,
    words,
    version: row.version,
  })
export const forgiveHall = (hallId: string, body: { date: string; from: string; to: string; reason: string }) =>
  client.send<{ forgiven: number }>('POST', `/staff/halls/${hallId}/forgiveness`, body)

/** The items that can be booked, as residents find them. */
export const itemsCalled = (words: string) => client.get<Page<ItemCard>>('/items', { q: words, limit: 8 })
