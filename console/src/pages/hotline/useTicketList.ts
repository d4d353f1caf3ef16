import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref } from 'vue'
import { ticketPage, type TicketCounts, type TicketFilter } from '@/api/hotline'
import { usePages } from '@/composables/pages'

const AGAIN_MS = 10_000
const PAGE = 50

/** A desk's list: read anew when the filter changes, and now and then while it is looked at. */
export function useTicketList(filter: Ref<Partial<TicketFilter>>) {
  const counts = shallowRef<TicketCounts>({})
  const age = ref(0)
  let freshAt = 0
  const list = usePages(async (cursor) => {
    const page = await ticketPage(filter.value, cursor)
    counts.value = page.counts ?? {}
    freshAt = Date.now()
    age.value = 0
    return page
  })

  let pause: ReturnType<typeof setTimeout> | undefined
  watch(
    filter,
    (now, before) => {
      clearTimeout(pause)
      if (now.list !== before?.list || now.state !== before?.state) list.rows.value = null
      pause = setTimeout(() => void list.load(), now.q === before?.q ? 0 : 300)
    },
    { immediate: true },
  )

  let asked = 0
  let ticker: ReturnType<typeof setInterval> | undefined
  function tick(): void {
    if (freshAt) age.value = Date.now() - freshAt
    const due = Date.now() - asked > AGAIN_MS
    if (!due || document.hidden || (list.rows.value?.length ?? 0) > PAGE) return
    asked = Date.now()
    void list.load()
  }
  onMounted(() => {
    asked = Date.now()
    ticker = setInterval(tick, 1000)
  })
  onBeforeUnmount(() => {
    clearTimeout(pause)
    clearInterval(ticker)
  })
  return { list, counts, age }
}
