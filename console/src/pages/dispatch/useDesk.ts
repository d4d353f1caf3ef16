import { MessagePlugin } from 'tdesign-vue-next/es/message'
import { onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue'
import { eventMap, eventPage, type Change, type Counts, type EventFilter, type MapPoint } from '@/api/events'
import { useAreas } from '@/composables/areas'
import { useCategories } from '@/composables/categories'
import { useLive } from '@/composables/live'
import { usePages } from '@/composables/pages'
import { useLoad } from '@/composables/load'
import { chime } from '@/lib/chime'
import { isOpen, matches, upsert } from '@/lib/events'

/** How long a new row stays marked. */
const FRESH_MS = 12_000
const COUNT_AGAIN_MS = 3000
const LIGHTS_AGAIN_MS = 60_000
const PAGE = 50

/** The desk's list and map, kept up to date by the feed of changes. */
export function useDesk(filter: Ref<EventFilter>, heard: (eventId: string) => void) {
  const { streets } = useAreas()
  const { family } = useCategories()
  const names = {
    street: (id: string) => streets.value.find((one) => one.id === id)?.name ?? '',
    family,
  }
  const counts = shallowRef<Counts | null>(null)
  const fresh = shallowRef<Set<string>>(new Set())
  /** What a screen reader says about the newest call. */
  const spoken = ref('')
  const dots = shallowRef<MapPoint[]>([])
  const cells = shallowRef<Map<string, number>>(new Map())
  const bbox = ref('')
  const timers = new Set<ReturnType<typeof setTimeout>>()

  const list = usePages(async (cursor) => {
    const page = await eventPage(filter.value, cursor)
    counts.value = page.counts
    return page
  })
  const map = useLoad(() => eventMap(bbox.value))

  async function readMap(): Promise<void> {
    if (!bbox.value) return
    const answer = await map.load()
    if (!answer) return
    dots.value = answer.items
    cells.value = new Map(answer.cells.map((one) => [one.cell_id, one.open]))
  }

  function later(run: () => void, after: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, after)
    timers.add(timer)
  }
  /** Many changes in a moment are counted again once. */
  let recounting = false
  function recount(): void {
    if (recounting) return
    recounting = true
    later(() => {
      recounting = false
      void readMap()
      void eventPage(filter.value, null).then(
        (page) => (counts.value = page.counts),
        // The numbers stay as they are; the note about freshness tells of a lost connection.
        () => undefined,
      )
    }, COUNT_AGAIN_MS)
  }

  function mark(id: string): void {
    fresh.value = new Set(fresh.value).add(id)
    later(() => {
      const left = new Set(fresh.value)
      left.delete(id)
      fresh.value = left
    }, FRESH_MS)
  }

  /** It lies in another street now: the row goes, and whoever looks is told where. */
  function gone({ event_id, number, moved_to }: Change): void {
    heard(event_id)
    const rows = list.rows.value
    const known = rows?.some((row) => row.id === event_id)
    if (rows) list.rows.value = rows.filter((row) => row.id !== event_id)
    dots.value = dots.value.filter((dot) => dot.id !== event_id)
    spoken.value = `${number} 的位置改了，转到${moved_to || '别的街道'}`
    if (known) void MessagePlugin.info({ content: spoken.value, duration: FRESH_MS })
    recount()
  }

  function changed(change: Change): void {
    const { event: card, what } = change
    if (!card) return gone(change)
    heard(card.id)
    const rows = list.rows.value
    const known = rows?.some((row) => row.id === card.id)
    const belongs = matches(card, filter.value, names)
    if (rows) list.rows.value = upsert(rows, card, belongs)
    const { latitude, longitude } = card
    const others = dots.value.filter((dot) => dot.id !== card.id)
    dots.value =
      latitude !== null && longitude !== null && isOpen(card.state)
        ? [...others, { ...card, latitude, longitude }]
        : others
    if (!known && belongs && (what === 'call' || card.state === 'called')) {
      mark(card.id)
      chime()
      spoken.value = `新呼叫：${card.urgency === 'urgent' ? '紧急，' : ''}${card.title}，${card.address || card.street_name || ''}`
    }
    recount()
  }

  /** Lights change with time alone: the first page is read again now and then. */
  const again = setInterval(() => {
    if ((list.rows.value?.length ?? 0) <= PAGE && !document.hidden) void list.load()
  }, LIGHTS_AGAIN_MS)

  const live = useLive({ on: changed, gap: () => void list.load() })

  let pause: ReturnType<typeof setTimeout> | undefined
  watch(
    filter,
    (now, before) => {
      clearTimeout(pause)
      pause = setTimeout(() => void list.load(), now.q === before?.q ? 0 : 300)
    },
    { immediate: true },
  )
  watch(bbox, () => void readMap())
  onBeforeUnmount(() => {
    clearTimeout(pause)
    clearInterval(again)
    timers.forEach(clearTimeout)
  })
  return { list, counts, fresh, spoken, dots, cells, bbox, map, live, names, readMap }
}
