import { shallowRef } from 'vue'
import { publicEvents } from '@/api/events'
import type { Areas } from '@/platform/map'
import { platform } from '#platform'

/** The district's streets, communities and cells for the map; null until the first answer. */
export const areas = shallowRef<Areas | null>(null)
let asked: Promise<Areas> | null = null

/** Asks once; a failed question is asked again by the next caller. A map without them still serves. */
export function loadAreas(): Promise<Areas> {
  asked ??= publicEvents.areas(platform.coordinates).then(
    (answer) => (areas.value = answer),
    (error) => {
      asked = null
      throw error
    },
  )
  return asked
}
