/** What a person has begun and not sent; survives a closed app and a lost connection. */
const PREFIX = 'draft:'
const KEEP_MS = 7 * 24 * 3_600_000

interface Kept {
  at: number
  value: unknown
}

export const drafts = {
  save(name: string, value: unknown): void {
    uni.setStorageSync(PREFIX + name, { at: Date.now(), value } satisfies Kept)
  },
  /** The draft, or null when there is none younger than a week. */
  load<T>(name: string): T | null {
    const kept = uni.getStorageSync(PREFIX + name) as Kept | ''
    if (!kept || Date.now() - kept.at > KEEP_MS) return null
    return kept.value as T
  },
  drop(name: string): void {
    uni.removeStorageSync(PREFIX + name)
  },
  /** All of them: whoever takes the phone next must not read what was begun here. */
  clear(): void {
    uni.getStorageInfoSync().keys.filter((key) => key.startsWith(PREFIX)).forEach((key) => uni.removeStorageSync(key))
  },
}
