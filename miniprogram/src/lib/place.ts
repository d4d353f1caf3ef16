import type { Place, Where } from '@/api/events'
import type { Point } from '@/platform/types'
import { platform } from '#platform'

/** The place of an answer in this platform's coordinates; null when it has none. */
export function pointOf(place: Place): Point | null {
  if (platform.coordinates === 'gcj02') return place.gcj02
  const { latitude, longitude } = place
  return latitude === null || longitude === null ? null : { latitude, longitude }
}

/** A point of this platform as the server wants it. */
export const whereOf = (point: Point | null): Where =>
  point ? { latitude: point.latitude, longitude: point.longitude, coordinate_system: platform.coordinates } : {}

/** 约 80 米, 约 1.2 公里 */
export const distance = (metres: number): string =>
  metres < 1000 ? `约 ${Math.max(10, Math.round(metres / 10) * 10)} 米` : `约 ${(metres / 1000).toFixed(1)} 公里`
