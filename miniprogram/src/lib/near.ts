import { ref } from 'vue'
import type { Point } from '@/platform/types'
import { platform } from '#platform'

const KEY = 'work-near'
const FRESH_MS = 60_000

/** Where the worker is, once they have said that it may be used; asked at most once a minute. */
export function useNear() {
  const near = ref(uni.getStorageSync(KEY) === '1')
  let last: Point | null = null
  let at = 0

  async function find(): Promise<Point | null> {
    try {
      const { latitude, longitude } = await platform.getLocation()
      last = { latitude, longitude }
      at = Date.now()
    } catch {
      // Indoors or switched off: the list simply comes without distances.
      last = null
    }
    return last
  }
  const here = async (): Promise<Point | null> => {
    if (!near.value) return null
    return Date.now() - at < FRESH_MS ? last : find()
  }
  /** Must be called from a tap; false when the place is not told. */
  async function askPlace(): Promise<boolean> {
    if (!(await find())) return false
    near.value = true
    uni.setStorageSync(KEY, '1')
    return true
  }
  return { near, here, askPlace }
}
