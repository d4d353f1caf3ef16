import { computed, ref, watch } from 'vue'
import { ApiError, asApiError } from '@/api/errors'
import { request, upload } from '@/api/http'
import { uuid } from '@/lib/uuid'
import { platform } from '#platform'
import { keptFiles } from './kept-files'
import { owner } from './outbox-owner'
import {
  filled, inOrder, LOST_BEFORE, LOST_PHOTO, needs, nextOf, pauseAfter, refusal, tooLate, UNSURE, verdict,
  type Attachment, type Job, type JobKind, type Purpose, type Refusal,
} from './outbox-rules'
import { known, loadSession } from './session'

/**
 * Every action of a worker, and each report, goes out through here: written to the device first,
 * then sent in order, its photos before it, until the server has answered. Losing the network,
 * the page or the answer changes nothing: the same key is sent again and counts once.
 */
export interface NewJob {
  kind: JobKind
  title: string
  path: string
  /** `photo(n)` stands for the id of the nth photo, `made(jobId)` for the id of what a job makes. */
  body?: Record<string, unknown>
  /** Keys of kept files; the outbox drops them when all is sent. */
  photos?: (string | { key: string; purpose: Purpose })[]
  /** Where its files are posted; '/files' or '/worker/files'. */
  filesPath?: string
  about?: string
}

export type Outcome =
  | { state: 'sent'; answer: unknown }
  | { state: 'refused'; problem: Refusal; id: string }
  | { state: 'waiting' }

interface Sent {
  id: string
  madeId: string
  at: number
}

const BEAT_MS = 2_000
const PATIENCE_MS = 6_000
const REMEMBER_MS = 30 * 24 * 3_600_000

const all = ref<Job[]>([])
const sendingId = ref('')
const connected = ref(true)
const answers = new Map<string, unknown>()
const listeners = new Set<(job: Job, answer: unknown) => void>()
let turn = 0

const put = (job: Job): Promise<void> => platform.shelf.put(`job:${job.id}`, job)
/** Notes a change, unless the person has removed it meanwhile in another window. */
async function save(job: Job): Promise<void> {
  if (await platform.shelf.get(`job:${job.id}`)) await put(job)
}
async function reload(): Promise<Job[]> {
  all.value = inOrder(await platform.shelf.all<Job>('job'))
  return all.value
}

/** Writes the action down; resolves when it can no longer be lost. Sending begins by itself. */
async function add(given: NewJob): Promise<Job> {
  if (!owner.value) throw new ApiError({ title: '请先登录', status: 401, action: '登录后再发' })
  const photos = (given.photos ?? []).map(
    (one): Attachment => (typeof one === 'string' ? { key: one, purpose: 'event_photo', fileId: '' } : { ...one, fileId: '' }),
  )
  const job: Job = {
    id: uuid(), owner: owner.value, at: Date.now(), turn: (turn += 1),
    kind: given.kind, title: given.title, about: given.about ?? '',
    path: given.path, body: given.body ?? {}, filesPath: given.filesPath ?? '/files', photos,
    state: 'waiting', problem: null, tries: 0, nextAt: 0, firstTriedAt: 0, round: 0,
  }
  await put(job)
  await reload()
  void flush(false)
  return job
}

/**
 * Adds, and tells what came of it within a few seconds; what still waits goes on by itself. `kept` is
 * called once it is written down: the moment to drop a draft, so that a kill leaves only one of them.
 */
async function send(given: NewJob, kept: () => void = () => undefined): Promise<Outcome> {
  const job = await add(given)
  kept()
  await Promise.race([flush(false), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])
  if (answers.has(job.id)) return { state: 'sent', answer: answers.get(job.id) }
  const left = all.value.find((one) => one.id === job.id)
  return left?.state === 'refused' && left.problem ? { state: 'refused', problem: left.problem, id: left.id } : { state: 'waiting' }
}

let running: Promise<void> | null = null

/** Sends what waits, in order, until done or the network fails. `now` does not wait for pauses. */
function flush(now = true): Promise<void> {
  // What was added while a run is ending is seen by the run after it.
  const before = running ?? Promise.resolve()
  const mine = before.then(() => platform.alone('outbox', () => run(now))).finally(() => {
    if (running === mine) running = null
  })
  running = mine
  return mine
}

async function run(now: boolean): Promise<void> {
  for (;;) {
    const job = nextOf(await reload(), owner.value)
    if (!job || (!now && job.nextAt > Date.now())) return
    if (!known.value && !(await reachable())) return
    if (job.owner !== owner.value) return
    sendingId.value = job.id
    try {
      if (!(await attempt(job))) return
    } finally {
      sendingId.value = ''
      await reload()
    }
  }
}

/** The app was opened without a network: the server must first say who is signed in. */
const reachable = (): Promise<boolean> => loadSession().then(() => true, () => false)

/** One try; false when the ones behind must wait too. */
async function attempt(job: Job): Promise<boolean> {
  if (tooLate(job, Date.now())) return refuse(job, UNSURE)
  try {
    const ids = await madeIds(job)
    if (!ids) return await refuse(job, LOST_BEFORE)
    if (!(await sendPhotos(job))) return await refuse(job, LOST_PHOTO)
    if (!job.firstTriedAt) await save(Object.assign(job, { firstTriedAt: Date.now() }))
    const body = filled(job.body, job.photos, ids)
    const answer = await request<{ id?: string } | null>('POST', filled(job.path, [], ids), { body, key: job.id, retries: 0 })
    await finish(job, answer)
    return true
  } catch (caught) {
    return failed(job, asApiError(caught))
  }
}

async function failed(job: Job, error: ApiError): Promise<boolean> {
  const tries = job.tries + 1
  const meant = verdict(error, tries)
  if (meant === 'refused') return refuse(Object.assign(job, { tries }), refusal(error))
  if (meant === 'later') await save(Object.assign(job, { tries, nextAt: Date.now() + pauseAfter(tries) }))
  return false
}

async function refuse(job: Job, problem: Refusal): Promise<true> {
  await save(Object.assign(job, { state: 'refused' as const, problem }))
  return true
}

/** The server's ids of what earlier jobs made; null when one of them is gone for good. */
async function madeIds(job: Job): Promise<Record<string, string> | null> {
  const ids: Record<string, string> = {}
  for (const id of needs(job)) {
    const sent = await platform.shelf.get<Sent>(`sent:${id}`)
    if (!sent) return null
    ids[id] = sent.madeId
  }
  return ids
}

/** Uploads what has no id yet; false when a file is gone from the device. */
async function sendPhotos(job: Job): Promise<boolean> {
  for (const [index, one] of job.photos.entries()) {
    if (one.fileId) continue
    const path = await keptFiles.url(one.key)
    if (!path) return false
    const key = `${job.id}-p${index}${job.round ? `-${job.round}` : ''}`
    one.fileId = (await upload<{ id: string }>(job.filesPath, path, { purpose: one.purpose }, key)).id
    await save(job)
  }
  return true
}

/** What it made is written down before the job goes, so that a kill in between only repeats it. */
async function finish(job: Job, answer: { id?: string } | null): Promise<void> {
  const sent: Sent = { id: job.id, madeId: answer?.id ?? '', at: Date.now() }
  await platform.shelf.put(`sent:${job.id}`, sent)
  await platform.shelf.drop(`job:${job.id}`)
  answers.set(job.id, answer)
  // What was done to it before it had an id is now about that id.
  for (const one of all.value) if (one.about === `job:${job.id}`) await save({ ...one, about: sent.madeId })
  for (const { key } of job.photos) await keptFiles.drop(key)
  listeners.forEach((tell) => tell(job, answer))
}

/** Sends a refused one again, with `body` when the person has changed it. */
async function retry(id: string, body?: Record<string, unknown>): Promise<void> {
  const job = (await reload()).find((one) => one.id === id)
  if (!job || sendingId.value === id) return
  // A refusal undid everything, so its photos go anew; where it is unsure, the body must stay the same.
  const photos = job.photos.map((one) => ({ ...one, fileId: '' }))
  const anew = job.problem?.status ? { photos, round: job.round + 1 } : {}
  const fresh = job.state === 'refused' ? { ...anew, firstTriedAt: 0, tries: 0 } : {}
  await save({ ...job, ...fresh, body: body ?? job.body, state: 'waiting', problem: null, nextAt: 0 })
  await flush()
}

/** Forgets one that is not being sent, with its files. */
async function remove(id: string): Promise<void> {
  const job = (await reload()).find((one) => one.id === id)
  if (!job || sendingId.value === id) return
  await platform.shelf.drop(`job:${id}`)
  for (const { key } of job.photos) await keptFiles.drop(key)
  await reload()
}

/** Takes a refused one back to the page it came from, to be changed there; its files stay. */
async function takeBack(id: string): Promise<void> {
  const job = (await reload()).find((one) => one.id === id)
  if (job?.state !== 'refused') return
  await platform.shelf.drop(`job:${id}`)
  await reload()
}

/** Takes up what a killed app left, and goes on whenever the network, the person or the time allows. */
async function start(): Promise<void> {
  platform.onNetwork((now) => {
    connected.value = now
    if (now) void flush()
  })
  watch(owner, (who) => who && void flush())
  setInterval(() => {
    if (all.value.some((job) => job.owner === owner.value && job.state === 'waiting')) void flush(false)
  }, BEAT_MS)
  await reload()
  await sweep()
  await flush()
}

async function sweep(): Promise<void> {
  const old = Date.now() - REMEMBER_MS
  const needed = new Set(all.value.flatMap(needs))
  for (const sent of await platform.shelf.all<Sent>('sent')) {
    if (sent.at < old && !needed.has(sent.id)) await platform.shelf.drop(`sent:${sent.id}`)
  }
  await keptFiles.sweep(new Set(all.value.flatMap((job) => job.photos.map(({ key }) => key))), Date.now())
}

export const outbox = {
  /** What the signed-in person did and the server has not yet answered, oldest first. */
  jobs: computed(() => all.value.filter((job) => job.owner === owner.value)),
  /** The one on its way just now; ''. */
  sendingId: computed(() => sendingId.value),
  connected: computed(() => connected.value),
  add, send, flush, retry, remove, takeBack, start, reload,
  /** The server's id of what a job made, once it is sent; the result of a page opened before that. */
  madeId: async (jobId: string): Promise<string> => (await platform.shelf.get<Sent>(`sent:${jobId}`))?.madeId ?? '',
  /** Tells of each job that the server has taken. The result stops the telling. */
  onSent: (tell: (job: Job, answer: unknown) => void): (() => void) => {
    listeners.add(tell)
    return () => listeners.delete(tell)
  },
}
export { made, photo } from './outbox-rules'
export type { Job, JobKind, Refusal } from './outbox-rules'
