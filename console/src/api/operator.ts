import { client } from './client'
import type { LinkedThing, SureCategory, SureDepartment, TicketCard, TicketDetail } from './hotline'
import type { Script } from '@/lib/scripts'
import type { Page } from './types'

/** Calls of the operator's desk: the call on the line, drafts, suggestions, a new ticket, answers. */

export interface CallNow {
  id: string
  state: 'ringing' | 'answered' | 'ended' | 'missed'
  state_text: string
  number_masked: string | null
  mine: boolean
  since: string
}
export interface CallerSeen {
  name_masked: string | null
  phone_masked: string | null
  known: boolean
  tickets: TicketCard[]
  tickets_count: number
  calls_count: number
  appointments_count: number
  events: (LinkedThing & { called_at: string })[]
}
export type AgentState = 'ready' | 'away' | 'off'
export interface CurrentCall {
  agent: { state: AgentState; state_text: string; since: string | null }
  line: { waiting: number; talking: number; agents_ready: number }
  call: CallNow | null
  caller: CallerSeen | null
}
export const currentCall = () => client.poll<CurrentCall>('/staff/calls/current')
export const stepCall = (id: string, step: 'answer' | 'end') => client.send('POST', `/staff/calls/${id}/${step}`, {})
export const setAgent = (state: AgentState) => client.send('PUT', '/staff/calls/agent', { state })

export type DraftBody = Record<string, string>
export interface StoredDraft {
  key: string
  body: DraftBody
  /** 0: nothing is kept yet. */
  version: number
  saved_at: string | null
}
const draftAt = (key: string) => `/staff/ticket-drafts/${encodeURIComponent(key)}`
export const readDraft = (key: string) => client.get<StoredDraft>(draftAt(key))
/** `version` is that of the draft one wrote upon; 0 for the first. */
export const saveDraft = (key: string, body: DraftBody, version: number) =>
  client.send<StoredDraft>('PUT', draftAt(key), { body, version }, { retries: 0 })
export const draftList = () => client.get<Page<StoredDraft>>('/staff/ticket-drafts')
export const dropDraft = (key: string) => client.send('DELETE', draftAt(key))

export interface NearbyEvent extends LinkedThing {
  distance_m: number | null
  called_at: string
}
export interface Suggested {
  categories: SureCategory[]
  departments: SureDepartment[]
  emergency: { matched: boolean; services: { number: string; name: string }[]; advice: string } | null
  repeat: TicketCard[]
  events: NearbyEvent[]
  hot: { id: string; title: string; count: number } | null
}
export interface Told {
  words: string
  call_id?: string
  number?: string
  latitude?: number
  longitude?: number
}
export const suggestTicket = (body: Told) => client.send<Suggested>('POST', '/staff/ticket-suggestions', body)

export interface NewTicket {
  source: string
  kind: string
  words: string
  title?: string
  category_code?: string
  urgency?: string
  address?: string
  latitude?: number
  longitude?: number
  caller_name?: string
  caller_phone?: string
  confidential: boolean
  call_id?: string
  event_id?: string
}
export const createTicket = (body: NewTicket) => client.send<TicketDetail>('POST', '/staff/tickets', body)

export const answerScripts = () => client.get<{ items: Script[] }>('/staff/answer-scripts')
