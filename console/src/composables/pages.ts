import { computed, ref, shallowRef } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import type { Page } from '@/api/types'

/** A list that comes in pages: `load` starts anew, `more` adds the next page. */
export function usePages<T>(ask: (cursor: string | null) => Promise<Page<T>>) {
  const rows = shallowRef<T[] | null>(null)
  const cursor = ref<string | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const busy = ref(false)
  let latest = 0

  async function fetchPage(from: string | null): Promise<void> {
    const mine = ++latest
    busy.value = true
    try {
      const page = await ask(from)
      if (mine !== latest) return
      rows.value = from && rows.value ? [...rows.value, ...page.items] : page.items
      cursor.value = page.next_cursor ?? null
      problem.value = null
    } catch (error) {
      if (mine === latest) problem.value = asProblem(error)
    } finally {
      if (mine === latest) busy.value = false
    }
  }

  const load = () => fetchPage(null)
  const more = async () => {
    if (cursor.value && !busy.value) await fetchPage(cursor.value)
  }
  /** Reads what is left, for an export; false when that did not work. */
  async function all(): Promise<boolean> {
    while (cursor.value && !problem.value) await fetchPage(cursor.value)
    return !problem.value
  }
  return { rows, problem, busy, load, more, all, hasMore: computed(() => Boolean(cursor.value)) }
}
