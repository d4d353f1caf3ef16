import type { RollProof } from '@/api/council'
import { hex } from '@/platform/types'
import { joined, sha256, unhex, utf8 } from './sha256'

/** Whether one's seat is on the frozen roll, counted again on this phone (verifier/README.zh.md says how). */
export type RollCheck = 'fits' | 'other_seat' | 'other_roll'

/** JSON with sorted keys and no spaces: the one way to write a line. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${pairs.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`
  }
  return JSON.stringify(value)
}

const length8 = ({ length }: Uint8Array): Uint8Array => unhex(length.toString(16).padStart(16, '0'))
const digest = (...parts: Uint8Array[]): Uint8Array => sha256(joined(...parts.flatMap((part) => [length8(part), part])))
const node = (left: Uint8Array, other: Uint8Array): Uint8Array => sha256(joined(Uint8Array.of(1), left, other))

/** The root that a leaf and its path lead to (RFC 9162, 2.1.3.2); null when they cannot belong. */
function rootOf(leaf: Uint8Array, index: number, size: number, path: string[]): string | null {
  let [at, last, found] = [index, size - 1, leaf]
  for (const step of path.map(unhex)) {
    if (last === 0) return null
    if (at % 2 || at === last) {
      found = node(step, found)
      while (at && at % 2 === 0) [at, last] = [at >>> 1, last >>> 1]
    } else found = node(found, step)
    ;[at, last] = [at >>> 1, last >>> 1]
  }
  return last === 0 ? hex(found) : null
}

/** The root of the roll that a signed checkpoint promises; '' where the text is no checkpoint. */
export const rollOf = (note: string): string => /^roll ([0-9a-f]{64})$/m.exec(note)?.[1] ?? ''

/** `promised` is the roll of a checkpoint. */
export function checkRoll({ line, salt, opening, path, size }: RollProof, promised: string): RollCheck {
  const commitment = hex(digest(utf8('seat'), unhex(salt), utf8(canonical(opening))))
  if (commitment !== line.commitment) return 'other_seat'
  const leaf = sha256(joined(Uint8Array.of(0), utf8(canonical(line))))
  return promised !== '' && rootOf(leaf, line.n - 1, size, path) === promised ? 'fits' : 'other_roll'
}
