import { ref } from 'vue'
import { house } from '@/api'
import type { Config } from '@/api/types'

/** The district's settings; null until the first answer. */
export const config = ref<Config | null>(null)
let asked: Promise<Config> | null = null

/** Asks once; a failed question is asked again by the next caller. */
export function loadConfig(): Promise<Config> {
  asked ??= house.config().then(
    (answer) => (config.value = answer),
    (error) => {
      asked = null
      throw error
    },
  )
  return asked
}

/** The number to call when nothing else helps. */
export const hotline = (): string => config.value?.hotline ?? '12345'
