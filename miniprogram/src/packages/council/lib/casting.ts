import { asApiError } from '@/api/errors'
import { votes } from '@/api/council'
import { slips, type Slip } from './slips'

export interface Casting {
  receipt: string
  /** Null when the ballot that stands was not cast with this phone. */
  slip: Slip | null
  /** An earlier ballot stands, and this choice was not taken. */
  earlier: boolean
}

/** Casts one seat's ballot; throws what the server said. A lost answer leaves the slip to be sent again. */
export async function castBallot(vote: string, entry: string, choice: string[]): Promise<Casting> {
  const first = slips.unanswered(vote, entry) === null
  const slip = await slips.begin(vote, entry, choice)
  try {
    const answer = await votes.cast(vote, entry, slip.choice, slip.nonce)
    return { receipt: answer.receipt, slip: slips.keep(vote, entry, slip, answer, first), earlier: answer.repeated && first }
  } catch (error) {
    const { passing, status } = asApiError(error)
    // Too often is a no as well: nothing was taken.
    if (!passing || status === 429) slips.refused(vote, entry)
    throw error
  }
}
