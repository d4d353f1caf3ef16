import { call, request, type Answer } from './http'
import type { Picture, Where } from './events'
import type { Page, TimelineEntry } from './types'

export type TicketKind = 'consult' | 'request' | 'complaint' | 'report' | 'suggestion' | 'praise'
export type TicketState =
  | 'pending' | 'to_dispatch' | 'to_sign' | 'return_review' | 'arbitration' | 'handling' | 'extension_review'
  | 'hold_review' | 'on_hold' | 'unit_review' | 'centre_review' | 'callback' | 'judgement' | 'closed' | 'archived'
  | 'rejected' | 'answered' | 'merged' | 'cancelled'
export type TicketCan = 'urge' | 'rate' | 'add' | 'cancel'

/** One of one's own matters at the hotline, in a list. */
export interface MyTicketCard {
  id: string
  number: string
  kind: TicketKind
  kind_text: string
  /** True for a question that the search could not answer; it has a page of its own. */
  question: boolean
  title: string
  state: TicketState
  state_text: string
  next_text: string
  created_at: string
  open: boolean
  can: TicketCan[]
}

export interface TicketRating {
  solved: boolean
  satisfied: boolean
  comment: string
}

export interface MyTicket extends MyTicketCard {
  query_code: string
  due_text: string
  words: string
  address: string
  confidential: boolean
  unit_name: string
  /** The public text of the answer; '' until there is one. */
  reply: string
  replied_at: string | null
  rating: TicketRating | null
  /** Why the office cannot be urged just now; '' when it can. */
  urge_text: string
  /** Photos one has sent with it, the oldest first. */
  files: Picture[]
  timeline: TimelineEntry[]
}

/** A question to the desk; its answer comes back to it. */
export interface Question {
  id: string
  number: string
  /** What was searched before. */
  query: string
  words: string
  state_text: string
  next_text: string
  due_text: string
  asked_at: string
  answered_at: string | null
  answer: string
  answered_by: string
  sources: { kind: 'article' | 'item'; id: string; title: string }[]
  can: TicketCan[]
}

/** A matter as this app sends it. */
export interface NewTicket extends Where {
  kind: TicketKind
  words: string
  address: string
  confidential: boolean
  /** Ids of uploaded photos. */
  file_ids: string[]
}

/** A share with what it is a share of; `rate` is null while nothing counts. */
export interface Rate {
  numerator: number
  denominator: number
  excluded: number
  rate: number | null
}

/** A matter whose answer is published; nothing in it tells of a person. */
export interface AnsweredMatter {
  id: string
  title: string
  kind_text: string
  reply: string
  unit_name: string
  closed_at: string
}

export interface PublicHotline {
  /** What the figures are of: 近 30 天. */
  period_text: string
  as_of: string
  figures: {
    calls: number
    connected_rate: number | null
    answered_15s_rate: number | null
    tickets: number
    closed: number
    open: number
  }
  rates: { response: Rate; solved: Rate; satisfied: Rate }
  frequent: { id: string; title: string }[]
  answered: AnsweredMatter[]
}

export const tickets = {
  mine: (open: boolean | undefined, cursor?: string | null) =>
    request<Page<MyTicketCard>>('GET', '/tickets', { query: { open, cursor } }),
  get: (id: string, etag = ''): Promise<Answer<MyTicket> | null> => call<MyTicket>('GET', `/tickets/${id}`, { etag }),
  urge: (id: string, words: string, key: string) => request<MyTicket>('POST', `/tickets/${id}/urges`, { body: { words }, key }),
  rate: (id: string, rating: TicketRating, key: string) =>
    request<MyTicket>('POST', `/tickets/${id}/ratings`, { body: { ...rating }, key }),
  cancel: (id: string, reason: string, key: string) =>
    request<MyTicket>('POST', `/tickets/${id}/cancellations`, { body: { reason }, key }),
}

export const questions = {
  get: (id: string, etag = ''): Promise<Answer<Question> | null> => call<Question>('GET', `/questions/${id}`, { etag }),
}

export const publicHotline = () => request<PublicHotline>('GET', '/public/hotline')
