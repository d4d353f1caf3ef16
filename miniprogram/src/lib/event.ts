import type { EventState, MyEvent } from '@/api/events'

type Tone = 'brand' | 'good' | 'warn' | 'plain'

const GOOD: EventState[] = ['disposed', 'verified', 'closed']
const WARN: EventState[] = ['whistled', 'reopened']
const OVER: EventState[] = ['cancelled', 'transferred', 'merged', 'ticketed']

export const eventTone = (state: EventState): Tone =>
  GOOD.includes(state) ? 'good' : WARN.includes(state) ? 'warn' : OVER.includes(state) ? 'plain' : 'brand'

/** Whether anything more is going to happen by itself. */
export const isOver = (state: EventState): boolean => state === 'closed' || OVER.includes(state)

/** How often an open event is asked for anew, in milliseconds; 0 when nothing will change. */
export const eventPause = (event: Pick<MyEvent, 'state'> | null): number => (event && isOver(event.state) ? 0 : 15_000)
