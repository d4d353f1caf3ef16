/** What a phone keeps for the app until it is sent: small records, and files with them. */
export interface Keeping {
  /** Records that outlive a killed app. Keys are `<drawer>:<name>`. */
  shelf: Shelf
  /** Keeps a copy of a temporary file (a path from the camera, the album or the recorder); its key. */
  keepFile(tempPath: string): Promise<string>
  /** Where a kept file can be shown or played from; '' when it is not there (any more). */
  keptUrl(key: string): Promise<string>
  /** Forgets a kept file; one that is gone already is no error. */
  dropFile(key: string): Promise<void>
  /** Every file kept, with the time it was put there. */
  keptFiles(): Promise<{ key: string; at: number }[]>
  /** Posts a kept file as the form field `file`; rejects when no answer came. */
  sendFile(key: string, form: FileForm): Promise<FileAnswer>
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

export interface FileForm {
  url: string
  headers: Record<string, string>
  fields: Record<string, string>
  timeoutMs: number
}

export interface FileAnswer {
  statusCode: number
  data: unknown
  header: Record<string, string>
}

/** The body of an answer that may not be JSON. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
