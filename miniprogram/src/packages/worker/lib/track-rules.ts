import type { Located, Point } from '@/platform/types'

/** Which places of a patrol are worth keeping. */
export interface TrackPoint extends Point {
  at: string
  accuracy: number
}

const STEP_M = 20
const STEP_MS = 10_000
/** Standing still says nothing new more than once a minute. */
const STILL_M = 5
const STILL_MS = 60_000
/** A guess from a telephone mast is no track. */
const WORST_M = 100
const EARTH_M = 6_371_000

export function metres(one: Point, other: Point): number {
  const radians = Math.PI / 180
  const [a, b] = [one.latitude * radians, other.latitude * radians]
  const [lat, lng] = [b - a, (other.longitude - one.longitude) * radians]
  const half = Math.sin(lat / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(lng / 2) ** 2
  return 2 * EARTH_M * Math.asin(Math.sqrt(half))
}

/** Whether the place goes on the track: every 20 m or 10 s of walking, once a minute of standing. */
export function worth(last: TrackPoint | null, now: Located, at: number): boolean {
  if (now.accuracy > WORST_M) return false
  if (!last) return true
  const [moved, passed] = [metres(last, now), at - Date.parse(last.at)]
  if (moved < STILL_M) return passed >= STILL_MS
  return moved >= STEP_M || passed >= STEP_MS
}

/** The length of the way, in metres. */
export const walked = (way: Point[]): number =>
  way.slice(1).reduce((sum, point, index) => sum + metres(way[index], point), 0)
