import type { Query } from './http'

/** Times that somebody read: asking for them again gives another proof of having looked. */
export interface Look {
  path: string
  query?: Query
}

/**
 * The proof of having looked at the times, which goes along with what is booked of them. Each
 * works for one call; the call may be repeated with it, and knows it by its idempotency key.
 */
let look: Look | null = null
let proof = ''
let used = ''

export const looked = {
  /** Times were read, and this came with them (nothing, for somebody who is not signed in). */
  note(at: Look, given: string): void {
    look = at
    proof = given
    used = ''
  },
  /** The proof for this call, or '' if there is none that it may use. */
  for(key: string): string {
    if (!proof || (used && used !== key)) return ''
    used = key
    return proof
  },
  /** Where to look again. */
  at: (): Look | null => look,
  /** The proof was refused: it was somebody else's, or too old. */
  drop(): void {
    proof = ''
  },
}
