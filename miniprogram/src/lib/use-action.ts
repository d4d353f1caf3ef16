import { ref, type Ref } from 'vue'
import { asApiError, type ApiError } from '@/api/errors'
import { uuid } from './uuid'

/**
 * One thing a person does that changes something. The idempotency key is kept while the same
 * attempt may still have reached the server (lost connection, 5xx), so that pressing the button
 * again does it once; it is renewed after any definite answer.
 */
export function useAction<A extends unknown[], T>(act: (key: string, ...args: A) => Promise<T>) {
  const busy = ref(false)
  const error = ref<ApiError | null>(null) as Ref<ApiError | null>
  let key = ''
  let told = ''

  /** The answer, or null when it failed (`error` says why) or is already running. */
  async function run(...args: A): Promise<T | null> {
    if (busy.value) return null
    busy.value = true
    error.value = null
    const telling = JSON.stringify(args)
    if (!key || telling !== told) key = uuid()
    told = telling
    try {
      const answer = await act(key, ...args)
      key = ''
      return answer
    } catch (caught) {
      error.value = asApiError(caught)
      if (!error.value.passing) key = ''
      return null
    } finally {
      busy.value = false
    }
  }
  return { busy, error, run }
}
