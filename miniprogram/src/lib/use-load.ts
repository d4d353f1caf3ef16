import { ref, type Ref } from 'vue'
import { asApiError, type ApiError } from '@/api/errors'

export interface Loaded<T> {
  data: Ref<T | null>
  error: Ref<ApiError | null>
  loading: Ref<boolean>
  /** Loads (again); what is shown stays until the new answer has come. Never throws. */
  load: () => Promise<void>
}

/** One thing a page shows. An answer that a later question has overtaken is dropped. */
export function useLoad<T>(ask: () => Promise<T>): Loaded<T> {
  const data = ref<T | null>(null) as Ref<T | null>
  const error = ref<ApiError | null>(null) as Ref<ApiError | null>
  const loading = ref(true)
  let latest = 0

  async function load(): Promise<void> {
    const mine = ++latest
    loading.value = true
    error.value = null
    try {
      const answer = await ask()
      if (mine === latest) data.value = answer
    } catch (caught) {
      if (mine === latest) error.value = asApiError(caught)
    } finally {
      if (mine === latest) loading.value = false
    }
  }
  return { data, error, loading, load }
}
