import type { ApiError } from '@/api/errors'

/** What the sending of kept actions goes by. Nothing here touches the device or the network. */

export type JobKind =
  | 'report' | 'join' | 'claim' | 'release' | 'schedule' | 'contact' | 'start' | 'dispose' | 'verify' | 'note'
  | 'whistle' | 'subtask' | 'request' | 'transfer' | 'accept' | 'decline' | 'patrol' | 'points' | 'finish' | 'check'
  | 'ticket' | 'question' | 'other'

export type Purpose = 'event_photo' | 'event_voice'

export interface Attachment {
  /** Of the kept file. */
  key: string
  purpose: Purpose
  /** The server's id, remembered so that a repeat neither sends the file again nor changes the body. */
  fileId: string
}

export interface Refusal {
  status: number
  code: string
  title: string
  detail: string
  action: string
  fields: Record<string, string[]>
}

export interface Job {
  /** Names the action to the server (Idempotency-Key) on every repeat. */
  id: string
  /** The person who did it; sent under no other account. */
  owner: string
  /** Milliseconds; with `turn` the order of sending. */
  at: number
  turn: number
  kind: JobKind
  /** In words, for the list of what waits. */
  title: string
  /** What it is about (an event, a patrol): its id, or `job:<id>` of the action that makes it. '' for nothing. */
  about: string
  path: string
  body: Record<string, unknown>
  filesPath: string
  photos: Attachment[]
  state: 'waiting' | 'refused'
  problem: Refusal | null
  tries: number
  /** Not before; milliseconds. */
  nextAt: number
  /** When it may first have reached the server; 0 when it surely has not. */
  firstTriedAt: number
  /** Counts the uploads begun anew after a refusal. */
  round: number
}

/** What the server keeps an answer for is 24 hours; after that a repeat would be a second action. */
export const SURE_MS = 23 * 3_600_000
const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 5 * 60_000
/** After so many failures of the server itself an action no longer holds up those behind it. */
export const MOST_FAULTS = 6

/** Stands in a body for the server's id of the nth photo. */
export const photo = (index: number): string => `photo:${index}`
/** Stands in a path or body for the server's id of what the job makes. */
export const made = (jobId: string): string => `job:${jobId}`

const MADE = /job:([0-9a-f-]{36})/g

/** The jobs whose answers this one needs. */
export function needs(job: Pick<Job, 'path' | 'body'>): string[] {
  const text = job.path + JSON.stringify(job.body)
  return [...new Set([...text.matchAll(MADE)].map(([, id]) => id))]
}

/** The value with ids in the place of `photo:n` and `job:<id>`. */
export function filled<T>(value: T, photos: Attachment[], ids: Record<string, string>): T {
  if (typeof value === 'string') {
    const [, index] = /^photo:(\d+)$/.exec(value) ?? []
    if (index !== undefined) return (photos[Number(index)]?.fileId ?? value) as T
    return value.replace(MADE, (whole: string, id: string) => ids[id] ?? whole) as T
  }
  if (Array.isArray(value)) return value.map((one) => filled(one, photos, ids)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, photos, ids)])) as T
}

export const inOrder = (jobs: Job[]): Job[] => [...jobs].sort((one, other) => one.at - other.at || one.turn - other.turn)

/** The job to send next; null when none can go. One that needs a refused one waits, and others pass it. */
export function nextOf(jobs: Job[], owner: string): Job | null {
  const mine = inOrder(jobs).filter((job) => job.owner === owner)
  const stuck = new Set<string>()
  for (const job of mine) {
    if (job.state === 'refused' || needs(job).some((id) => stuck.has(id))) stuck.add(job.id)
    else return job
  }
  return null
}

/** The pause before the next try, in milliseconds; doubled each time, up to five minutes. */
export const pauseAfter = (tries: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, Math.min(tries, 20) - 1))

/** What a failed try means: send again later, wait for signing in, or ask the person. */
export function verdict(error: ApiError, tries: number): 'later' | 'signed out' | 'refused' {
  if (error.status === 401) return 'signed out'
  if (error.status === 500 && tries >= MOST_FAULTS) return 'refused'
  return error.passing ? 'later' : 'refused'
}

export const refusal = (error: ApiError): Refusal => ({
  status: error.status,
  code: error.code,
  title: error.title,
  detail: error.message === error.title ? '' : error.message,
  action: error.action,
  fields: error.fields,
})

/** A repeat that could be a second action, since the server no longer knows the first. */
export const tooLate = (job: Job, now: number): boolean =>
  job.firstTriedAt > 0 && now - job.firstTriedAt > SURE_MS

export const UNSURE: Refusal = {
  status: 0,
  code: 'unsure',
  title: '不确定有没有送到',
  detail: '上次发送时网络断了，已经过了一天',
  action: '先看看列表里有没有；没有再点重新发送',
  fields: {},
}
export const LOST_BEFORE: Refusal = {
  status: 0,
  code: 'lost_before',
  title: '前面那一步没有发出去',
  detail: '这一步要接在它后面，现在接不上',
  action: '请删掉，再到页面上做一次',
  fields: {},
}
export const LOST_PHOTO: Refusal = {
  status: 0,
  code: 'lost_photo',
  title: '照片不在这台手机上了',
  detail: '可能被系统清理了',
  action: '请删掉这一条，重新拍照再发',
  fields: {},
}
