import { computed, reactive, ref } from 'vue'
import { halls as hallsApi } from '@/api'
import { visits, type VisitTime } from '@/api/booking'
import type { Day, Hall } from '@/api/types'
import { useLoad } from '@/lib/use-load'

/** The halls where every one of them can be done, in the first list's order. */
export const shared = (lists: Hall[][]): Hall[] =>
  (lists[0] ?? []).filter((hall) => lists.every((list) => list.some((one) => one.id === hall.id)))

/** The days as they are for all items together: open only where each still has room. */
export function together(lists: Day[][]): Day[] {
  const [first = [], ...rest] = lists
  return first.map((day) => {
    const same = [day, ...rest.map((list) => list.find((one) => one.date === day.date))]
    const missing = same.find((one) => one?.status !== 'open')
    if (same.every((one) => one?.status === 'open')) return { ...day, remaining: Math.min(...same.map((one) => one?.remaining ?? 0)) }
    return missing ? { ...day, status: missing.status, status_text: missing.status_text } : { ...day, status: 'closed', status_text: '不办' }
  })
}

/** A hall, a day and times one after the other for several items. */
export function useVisiting() {
  const items = ref<{ id: string; name: string }[]>([])
  const draft = reactive({ hall: '', date: '', start: '' })
  const ids = () => items.value.map((one) => one.id)
  const halls = useLoad(async () => shared((await Promise.all(ids().map((id) => hallsApi.list(id)))).map((one) => one.items)))
  const days = useLoad(async () => together((await Promise.all(ids().map((id) => hallsApi.days(draft.hall, id)))).map((one) => one.items)))
  const times = useLoad(() => visits.times(draft.hall, draft.date, ids()))
  const chosen = computed((): VisitTime | null => times.data.value?.items.find((one) => one.start === draft.start) ?? null)

  async function loadTimes(): Promise<void> {
    times.data.value = null
    if (!draft.date) return
    await times.load()
    if (!chosen.value) draft.start = ''
  }
  async function loadDays(): Promise<void> {
    days.data.value = null
    times.data.value = null
    await days.load()
    const found: Day[] = (days.data.value ?? []).filter((one: Day) => one.status === 'open')
    draft.date = (found.find((one) => one.date === draft.date) ?? found[0])?.date ?? ''
    await loadTimes()
  }
  /** Starts over from the halls: the items are others now. */
  async function loadHalls(): Promise<void> {
    days.data.value = null
    times.data.value = null
    await halls.load()
    const found: Hall[] = halls.data.value ?? []
    if (!found.some((one) => one.id === draft.hall)) draft.hall = found.length === 1 ? found[0].id : ''
    if (draft.hall) await loadDays()
  }
  async function chooseHall(hall: string): Promise<void> {
    if (hall === draft.hall && days.data.value) return
    draft.hall = hall
    await loadDays()
  }
  async function chooseDay(one: Day): Promise<void> {
    if (one.status !== 'open') return
    Object.assign(draft, { date: one.date, start: '' })
    await loadTimes()
  }
  return { items, draft, halls, days, times, chosen, loadHalls, loadDays, loadTimes, chooseHall, chooseDay }
}
