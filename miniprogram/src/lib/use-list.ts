import { ref, type Ref } from 'vue'
import { asApiError, type ApiError } from '@/api/errors'
import type { Page } from '@/api/types'

/** A list that comes page by page; `more` adds the next one, `load` starts anew. */
export function useList<T, P extends Page<T> = Page<T>>(ask: (cursor: string | null) => Promise<P>) {
  const items = ref<T[]>([]) as Ref<T[]>
  const first = ref<P | null>(null) as Ref<P | null>
  const error = ref<ApiError | null>(null) as Ref<ApiError | null>
  const loading = ref(true)
  const cursor = ref<string | null>(null)
  let latest = 0

  async function fetch(from: string | null): Promise<void> {
    const mine = ++latest
    loading.value = true
    error.value = null
    try {
      const page = await ask(from)
      if (mine !== latest) return
      items.value = from ? [...items.value, ...page.items] : page.items
      if (!from) first.value = page
      cursor.value = page.next_cursor ?? null
    } catch (caught) {
      if (mine === latest) error.value = asApiError(caught)
    } finally {
      if (mine === latest) loading.value = false
    }
  }

  const clear = (): void => {
    latest += 1
    items.value = []
    first.value = null
    cursor.value = null
    loading.value = false
  }
  return { items, first, error, loading, cursor, clear, load: () => fetch(null), more: () => fetch(cursor.value) }
}
