import { ref, type Ref } from 'vue'
import { ApiError, asApiError } from '@/api/errors'
import { owner } from '@/stores/outbox-owner'
import { seen } from '@/stores/seen'

/** Like useLoad, but without a network it shows the last answer and says from when it is. */
export function useKept<T>(ask: () => Promise<T>, name: () => string) {
  const data = ref<T | null>(null) as Ref<T | null>
  const error = ref<ApiError | null>(null) as Ref<ApiError | null>
  const loading = ref(true)
  /** When what is shown was true; 0 while it is fresh. */
  const since = ref(0)
  let latest = 0

  async function load(): Promise<void> {
    const mine = ++latest
    const [who, what] = [owner.value, name()]
    loading.value = true
    try {
      const answer = await ask()
      if (mine !== latest) return
      data.value = answer
      error.value = null
      since.value = 0
      await seen.keep(who, what, answer)
    } catch (caught) {
      const failure = asApiError(caught)
      const kept = failure.passing ? await seen.last<T>(who, what) : null
      if (mine !== latest) return
      error.value = failure
      if (kept) [data.value, since.value] = [kept.value, kept.at]
      else if (!failure.passing) data.value = null
    } finally {
      if (mine === latest) loading.value = false
    }
  }
  return { data, error, loading, since, load }
}
