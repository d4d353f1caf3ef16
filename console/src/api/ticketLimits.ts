import { client } from './client'
import type { components } from './schema'

/** Calls about what a district sets for its hotline: limits of tickets, targets of the three rates. */

type Schemas = components['schemas']
export type ShownTicketLimits = Schemas['ShownTicketLimits']
export type TicketUnit = Schemas['TicketLimit']['unit']
/** A limit as it is sent: what is left open says so. */
export interface TicketLimit {
  kind: string
  category_code: string | null
  qualifier: string | null
  amount: number
  unit: TicketUnit
}
/** Shares, 0 to 1; null where nothing is set. */
export interface Targets {
  response: number | null
  solved: number | null
  satisfied: number | null
}

export const ticketLimits = () => client.get<ShownTicketLimits>('/staff/ticket-limits')
export const saveTicketLimits = (items: TicketLimit[], targets: Targets, etag: string) =>
  client.send<ShownTicketLimits>(
    'PUT',
    '/staff/ticket-limits',
    { items, targets },
    { headers: { 'If-Match': `"${etag}"` } },
  )
