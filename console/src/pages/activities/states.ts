/** The tag's colour and shape for a state of community life. */
const KEYS: Record<string, string> = {
  draft: 'draft',
  published: 'published',
  running: 'serving',
  ended: 'waiting',
  settled: 'finished',
  cancelled: 'cancelled',
  confirmed: 'booked',
  waitlisted: 'waiting',
  offered: 'called',
  attended: 'finished',
  absent: 'no_show',
  requested: 'enrolling',
  refused: 'disabled',
  open: 'open',
  closed: 'closed',
  claimed: 'called',
  granted: 'waiting',
  asked: 'waiting',
  matched: 'called',
  done: 'finished',
  withdrawn: 'cancelled',
  lapsed: 'cancelled',
}
export const stateKey = (state: string): string => KEYS[state] ?? 'booked'
/** A confirmed report-in or wish is an end, not a booking. */
export const endKey = (state: string): string => (state === 'confirmed' ? 'finished' : state === 'ended' ? 'closed' : stateKey(state))
