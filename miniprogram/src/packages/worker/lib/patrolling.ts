import { computed, ref } from 'vue'
import { whereOf } from '@/lib/place'
import type { Located, Point } from '@/platform/types'
import { made, outbox } from '@/stores/outbox'
import { owner } from '@/stores/outbox-owner'
import { platform } from '#platform'
import { worth, type TrackPoint } from './track-rules'

/** The patrol that is going on. Every step is written down, so that a killed app goes on where it was. */
export interface Walk {
  /** `job:<id>` until the server has given it an id. */
  id: string
  startedAt: string
  way: TrackPoint[]
  /** How many points of `way` have been handed to the outbox. */
  sent: number
  found: number
  checks: number
}

const BATCH = 6
const BATCH_MS = 60_000

const walk = ref<Walk | null>(null)
const lost = ref(false)
let stopWatching: (() => void) | null = null

const place = (): string => `walk:${owner.value}`
const save = async (): Promise<void> => {
  if (walk.value) await platform.shelf.put(place(), walk.value)
}

/** Hands the points not handed over yet to the outbox. */
async function sendPoints(): Promise<void> {
  const now = walk.value
  if (!now || now.sent >= now.way.length) return
  const points = now.way.slice(now.sent)
  now.sent = now.way.length
  await outbox.add({
    kind: 'points', title: `巡查轨迹 ${points.length} 个点`, about: now.id, path: `/worker/patrols/${now.id}/points`,
    body: { points, coordinate_system: platform.coordinates },
  })
  await save()
}

async function take(located: Located): Promise<void> {
  const now = walk.value
  lost.value = false
  if (!now || !worth(now.way.at(-1) ?? null, located, Date.now())) return
  const { latitude, longitude, accuracy } = located
  now.way.push({ at: new Date().toISOString(), latitude, longitude, accuracy: Math.round(accuracy) })
  await save()
  const waiting = now.way.length - now.sent
  if (waiting >= BATCH || Date.now() - Date.parse(now.way[now.sent].at) > BATCH_MS) await sendPoints()
}

/** Follows the way while the page is open. */
function follow(): void {
  if (stopWatching || !walk.value) return
  stopWatching = platform.watchPlace((located) => void take(located), () => (lost.value = true))
}
function rest(): void {
  stopWatching?.()
  stopWatching = null
}

async function start(here: Point | null): Promise<void> {
  const startedAt = new Date().toISOString()
  const job = await outbox.add({
    kind: 'patrol', title: '开始巡查', path: '/worker/patrols', filesPath: '/worker/files',
    body: { started_at: startedAt, ...whereOf(here) },
  })
  walk.value = { id: made(job.id), startedAt, way: [], sent: 0, found: 0, checks: 0 }
  await save()
  follow()
}

/** Ends it; what was walked, found and checked. */
async function finish(): Promise<Walk | null> {
  const now = walk.value
  if (!now) return null
  rest()
  await sendPoints()
  await outbox.add({
    kind: 'finish', title: '结束巡查', about: now.id, path: `/worker/patrols/${now.id}/finish`,
    body: { finished_at: new Date().toISOString() },
  })
  await platform.shelf.drop(place())
  walk.value = null
  return now
}

async function count(what: 'found' | 'checks'): Promise<void> {
  if (walk.value) walk.value[what] += 1
  await save()
}

export const patrolling = {
  walk: computed(() => walk.value),
  /** Whether the place could not be had just now. */
  lost: computed(() => lost.value),
  load: async (): Promise<void> => {
    walk.value = (await platform.shelf.get<Walk>(place()).catch(() => undefined)) ?? null
  },
  start, finish, follow, rest,
  found: () => count('found'),
  checked: () => count('checks'),
}
