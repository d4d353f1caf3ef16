import type { MyTicketCard, TicketState } from '@/api/tickets'
import { to } from './nav'

type Tone = 'brand' | 'good' | 'warn' | 'plain'

const GOOD: TicketState[] = ['answered', 'closed']
const OVER: TicketState[] = ['archived', 'rejected', 'merged', 'cancelled']

export const ticketTone = ({ state, can }: Pick<MyTicketCard, 'state' | 'can'>): Tone => {
  if (can.includes('rate')) return 'warn'
  if (GOOD.includes(state)) return 'good'
  return OVER.includes(state) ? 'plain' : 'brand'
}

/** A question has a page of its own, with its answer first. */
export const ticketPage = ({ id, question }: Pick<MyTicketCard, 'id' | 'question'>): string =>
  question ? to.question(id) : to.ticket(id)
