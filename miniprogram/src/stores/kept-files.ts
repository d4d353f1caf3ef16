import { platform } from '#platform'

/** Longer than a draft lives: what no job needs by then nobody will send. */
const KEEP_MS = 8 * 24 * 3_600_000

/** Photos and spoken notes that wait on this device until they are sent. */
export const keptFiles = {
  /** Keeps a copy of a temporary file; its key. Rejects when the device has no room. */
  keep: (tempPath: string): Promise<string> => platform.keepFile(tempPath),
  /** Where it can be shown or played from; '' when it is gone. */
  url: (key: string): Promise<string> => platform.keptUrl(key),
  drop: (key: string): Promise<void> => platform.dropFile(key),
  /** Drops what is old and needed by nothing. */
  async sweep(needed: Set<string>, now: number): Promise<void> {
    for (const { key, at } of await platform.keptFiles()) {
      if (now - at > KEEP_MS && !needed.has(key)) await platform.dropFile(key)
    }
  },
}
