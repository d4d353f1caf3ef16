import { person } from '@/stores/session'
import { platform } from '#platform'

/** What this phone, and nobody else, keeps of a ballot. */
export interface Slip {
  choice: string[]
  /** Made here, published beside the choice after the end: who has it finds the own ballot again. */
  nonce: string
  /** '' until the server has answered. */
  receipt: string
  at: number
}

const BYTES = 16
const name = (vote: string, entry: string): string => `slip:${person.value?.id ?? ''}:${vote}:${entry}`
const onTheWay = (vote: string, entry: string): string => `${name(vote, entry)}:sent`
const read = (key: string): Slip | null => (uni.getStorageSync(key) as Slip | '') || null

export const slips = {
  /** The slip of the ballot acknowledged last; null when this phone has none. */
  get: (vote: string, entry: string): Slip | null => read(name(vote, entry)),

  /**
   * A ballot that was sent and never answered: nobody knows whether it arrived. Only the same one
   * may be sent again, so that the slip is sure to be that of the ballot that stands.
   */
  unanswered: (vote: string, entry: string): Slip | null => read(onTheWay(vote, entry)),

  /** The slip to send, kept before it is sent. Rejects where the phone cannot make a secret number. */
  async begin(vote: string, entry: string, choice: string[]): Promise<Slip> {
    const before = slips.unanswered(vote, entry)
    if (before) return before
    const slip: Slip = { choice, nonce: await platform.secret(BYTES), receipt: '', at: Date.now() }
    uni.setStorageSync(onTheWay(vote, entry), slip)
    return slip
  },

  /** The server has said no: that ballot does not exist. */
  refused(vote: string, entry: string): void {
    uni.removeStorageSync(onTheWay(vote, entry))
  },

  /**
   * The server has answered. `first` says that this slip had not been sent before: then a ballot
   * that "stands already" is another one (another phone, on paper), and there is no slip for it here.
   */
  keep(vote: string, entry: string, slip: Slip, answer: { receipt: string; repeated: boolean }, first: boolean): Slip | null {
    uni.removeStorageSync(onTheWay(vote, entry))
    if (answer.repeated && first) return slips.get(vote, entry)
    const kept: Slip = { choice: slip.choice, nonce: slip.nonce, receipt: answer.receipt, at: Date.now() }
    uni.setStorageSync(name(vote, entry), kept)
    return kept
  },

  drop(vote: string, entry: string): void {
    uni.removeStorageSync(name(vote, entry))
  },
}
