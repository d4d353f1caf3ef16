/** What a phone keeps for the app until it is sent: small records, and files with them. */
export interface Keeping {
  /** Records that outlive a killed app. Keys are `<drawer>:<name>`. */
  shelf: Shelf
  /** Keeps a copy of a temporary file (a path from the camera, the album or the recorder); its key. */
  keepFile(tempPath: string): Promise<string>
  /** A path that shows, plays and uploads a kept file; '' when it is not there (any more). */
  keptUrl(key: string): Promise<string>
  /** Forgets a kept file; one that is gone already is no error. */
  dropFile(key: string): Promise<void>
  /** Every file kept, with the time it was put there. */
  keptFiles(): Promise<{ key: string; at: number }[]>
  /** Tells each time the network comes (true) or goes. The result stops the telling. */
  onNetwork(listener: (connected: boolean) => void): () => void
  /** Runs `work` when no other window of this app runs one of that name; waits its turn. */
  alone(name: string, work: () => Promise<void>): Promise<void>
}

export interface Shelf {
  put(key: string, value: unknown): Promise<void>
  get<T>(key: string): Promise<T | undefined>
  drop(key: string): Promise<void>
  /** The records of a drawer, in no order. */
  all<T>(drawer: string): Promise<T[]>
}
