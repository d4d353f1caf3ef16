import type { ActivityCard } from '@/api/neighbourhood'

type Tone = 'brand' | 'good' | 'warn' | 'bad' | 'plain'

/** The colour beside the state's word. */
export function activityTone({ state, free, mine }: ActivityCard): Tone {
  if (mine?.state === 'offered') return 'warn'
  if (mine && mine.state !== 'absent') return 'good'
  if (state === 'cancelled') return 'bad'
  return state === 'published' && free ? 'brand' : 'plain'
}

/** The own state where there is one, the activity's otherwise. */
export const stateText = ({ state, state_text, mine }: ActivityCard): string =>
  mine && state !== 'cancelled' ? mine.state_text : state_text
