import { platform } from '#platform'

/** What a worker has looked at, kept for when the network is gone. Belongs to one account. */
const KEEP_MS = 3 * 24 * 3_600_000

interface Seen {
  key: string
  owner: string
  at: number
  value: unknown
}

export const seen = {
  /** Keeps an answer; a phone without room simply has nothing to show later. */
  async keep(owner: string, name: string, value: unknown): Promise<void> {
    const key = `seen:${owner}:${name}`
    await platform.shelf.put(key, { key, owner, at: Date.now(), value } satisfies Seen).catch(() => undefined)
  },
  /** The last answer and when it came; null when there is none of the last days. */
  async last<T>(owner: string, name: string): Promise<{ at: number; value: T } | null> {
    const kept = await platform.shelf.get<Seen>(`seen:${owner}:${name}`).catch(() => undefined)
    return kept && Date.now() - kept.at < KEEP_MS ? { at: kept.at, value: kept.value as T } : null
  },
  /** Drops what is old and what belongs to somebody else: the phone may have changed hands. */
  async sweep(owner: string): Promise<void> {
    for (const one of await platform.shelf.all<Seen>('seen').catch((): Seen[] => [])) {
      if (one.owner !== owner || Date.now() - one.at > KEEP_MS) await platform.shelf.drop(one.key)
    }
  },
}
