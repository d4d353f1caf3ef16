import { ref, shallowRef } from 'vue'
import { asProblem, type Problem } from '@/api/problem'

/** One answer with its three states; a later call wins over an earlier one still under way. */
export function useLoad<T, A extends unknown[]>(ask: (...args: A) => Promise<T>) {
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const busy = ref(false)
  let latest = 0

  async function load(...args: A): Promise<T | null> {
    const mine = ++latest
    busy.value = true
    try {
      const answer = await ask(...args)
      if (mine === latest) {
        data.value = answer
        problem.value = null
      }
      return answer
    } catch (error) {
      if (mine === latest) problem.value = asProblem(error)
      return null
    } finally {
      if (mine === latest) busy.value = false
    }
  }
  return { data, problem, busy, load }
}
