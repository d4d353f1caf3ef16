import { client } from './client'
import type { EventClock, EventLine, Light } from './events'
import type { Page } from './types'

/** Calls about tickets (12345): the lists of the desks, one ticket, what is done with it. */

export type TicketKind = 'consult' | 'request' | 'complaint' | 'report' | 'suggestion' | 'praise'
export type TicketUrgency = 'emergency' | 'utility' | 'normal'

export interface Named {
  id: string
  name: string
}
export interface TicketClock {
  kind: string
  kind_text: string
  due_at: string | null
  paused: boolean
}
export interface TicketCard {
  id: string
  number: string
  title: string
  kind: TicketKind
  kind_text: string
  state: string
  state_text: string
  source_text: string
  urgency: TicketUrgency
  urgency_text: string
  category: { code: string; name: string } | null
  caller_masked: string
  phone_masked: string | null
  confidential: boolean
  lead_unit_name: string | null
  light: Light
  clock: TicketClock | null
  created_at: string
  urges_count: number
  orders_open: number
  repeat_count: number
  version: number
}
export interface TicketUnit {
  id: string
  department_id: string
  department_name: string
  role: 'lead' | 'co'
  role_text: string
  state: string
  state_text: string
  signed_by: string | null
  signed_at: string | null
  first: boolean
  reply: string
}
export interface TicketRequest {
  id: string
  kind: string
  kind_text: string
  state: string
  state_text: string
  department_name: string
  asked_by: string
  asked_at: string
  legal_basis: string
  reason: string
  days: number | null
  until: string | null
  decided_by: string | null
  decided_at: string | null
  note: string
  can: string[]
}
export interface TicketCallback {
  attempt: number
  at: string
  by_name: string
  contacted: boolean
  solved: boolean | null
  satisfied: boolean | null
  note: string
}
export interface TicketOrder {
  id: string
  words: string
  by_name: string
  at: string
  due_at: string
  state: string
  state_text: string
  reply: string
  can: string[]
}
export interface TicketUrge {
  at: string
  words: string
  by_text: string
}
export interface TicketPin {
  kind: 'article' | 'item'
  source_id: string
  version_id: string
  version_number: number
  number: string
  title: string
  public: boolean
}
export interface LinkedThing {
  id: string
  number: string
  title: string
  state_text: string
}
export interface Sure {
  sure: number
}
export type SureCategory = Sure & { code: string; name: string; parent_name: string }
export type SureDepartment = Sure & Named

/** A line of the trace; tickets carry no pictures in theirs. */
export type TicketLine = Omit<EventLine, 'photos'> & Partial<Pick<EventLine, 'photos'>>

export interface TicketFile {
  id: string
  url: string
  small_url: string
  at: string
}

export interface TicketDetail extends TicketCard {
  words: string
  files: TicketFile[]
  address: string
  latitude: number | null
  longitude: number | null
  difficulty: string
  units: TicketUnit[]
  requests: TicketRequest[]
  callbacks: TicketCallback[]
  urges: TicketUrge[]
  orders: TicketOrder[]
  clocks: EventClock[]
  pins: TicketPin[]
  links: {
    events: LinkedThing[]
    cases: LinkedThing[]
    children: LinkedThing[]
    parent: LinkedThing | null
  }
  first_unit_name: string | null
  first_signer_name: string | null
  reply_internal: string
  reply_public: string
  replied_by: string | null
  repeat: TicketCard[]
  hot: { id: string; title: string; count: number } | null
  suggestions: { categories: SureCategory[]; departments: SureDepartment[] }
  timeline: TicketLine[]
  can: string[]
  can_reveal: boolean
}

export interface TicketFilter {
  list: string
  q: string
  state: string
  department: string
  category: string
  light: string
}
export type TicketCounts = Record<string, number>
export interface TicketPage extends Page<TicketCard> {
  counts: TicketCounts
}

export const ticketPage = (filter: Partial<TicketFilter>, cursor: string | null) =>
  client.get<TicketPage>('/staff/tickets', { ...filter, cursor, limit: 50 })

/** The ticket with its ETag, which goes back with an edit of its words. */
export const ticket = (id: string) => client.read<TicketDetail>(`/staff/tickets/${id}`)

/** Does something with a ticket; the answer is the ticket as it is now. */
export const actOnTicket = (id: string, action: string, body: object) =>
  client.send<TicketDetail>('POST', `/staff/tickets/${id}/${action}`, body)

export interface TicketWords {
  title: string
  words: string
  kind: string
  urgency: string
  category_code: string
  address: string
}
export const editTicket = (id: string, body: Partial<TicketWords>, etag: string) =>
  client.send<TicketDetail>('PUT', `/staff/tickets/${id}`, body, { headers: { 'If-Match': etag } })

export const revealTicketCaller = (id: string, field: string, purpose: string) =>
  client.send<{ value: string }>('POST', `/staff/tickets/${id}/reveals`, { field, purpose })

export const decideTicketRequest = (id: string, body: object) =>
  client.send('POST', `/staff/ticket-requests/${id}/decision`, body)

export const stepTicketOrder = (id: string, step: 'reply' | 'close', body: object) =>
  client.send('POST', `/staff/ticket-orders/${id}/${step}`, body)
