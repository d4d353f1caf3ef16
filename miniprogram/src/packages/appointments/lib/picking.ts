import { computed, reactive } from 'vue'
import { halls } from '@/api'
import type { Another } from '@/api/booking'
import type { Day, Slot } from '@/api/types'
import { useLoad } from '@/lib/use-load'

export interface Choice {
  hall: string
  date: string
  slot: string
  /** By video instead of at the hall. */
  video?: boolean
}

/** A hall's day and time for one item: what there is, and what is chosen of it. */
export function usePicking(item: () => string, chose: () => void = () => undefined) {
  const draft = reactive<Choice>({ hall: '', date: '', slot: '', video: false })
  const days = useLoad(async () => (await halls.days(draft.hall, item(), draft.video || undefined)).items)
  const slots = useLoad(() => halls.slots(draft.hall, item(), draft.date, draft.video || undefined))
  const day = computed(() => days.data.value?.find((one) => one.date === draft.date) ?? null)
  const chosen = computed(
    () => slots.data.value?.items.find((one) => one.id === draft.slot && one.status === 'open') ?? null,
  )

  async function loadSlots(): Promise<void> {
    slots.data.value = null
    if (day.value?.status !== 'open') return
    await slots.load()
    if (!chosen.value) draft.slot = ''
    // The last place went since the days were read: the day is full, with what can be done then.
    const found: Slot[] = (slots.data.value as { items: Slot[] } | null)?.items ?? []
    if (day.value && found.some((one) => one.status === 'full') && !found.some((one) => one.status === 'open'))
      Object.assign(day.value, { status: 'full', status_text: '约满', remaining: 0 })
  }

  /** Loads the days and keeps the day chosen before, or takes the first that is open. */
  async function loadDays(): Promise<void> {
    days.data.value = null
    slots.data.value = null
    await days.load()
    const found: Day[] = days.data.value ?? []
    const kept = found.find((one) => one.date === draft.date && one.status !== 'closed')
    const date = (kept ?? found.find((one) => one.status === 'open'))?.date ?? ''
    if (date !== draft.date) draft.slot = ''
    draft.date = date
    if (date) await loadSlots()
  }

  async function chooseHall(hall: string): Promise<void> {
    if (hall === draft.hall && days.data.value) return
    draft.hall = hall
    chose()
    await loadDays()
  }

  async function chooseWay(video: boolean): Promise<void> {
    if (video === Boolean(draft.video)) return
    Object.assign(draft, { video, date: '', slot: '' })
    chose()
    await loadDays()
  }

  async function chooseDay(one: Day): Promise<void> {
    if (one.status === 'closed') return
    draft.date = one.date
    draft.slot = ''
    chose()
    await loadSlots()
  }

  function chooseSlot(slot: Slot): void {
    if (slot.status !== 'open') return
    draft.slot = slot.id
    chose()
  }

  /** Takes a time that was suggested, in whichever hall it is. */
  async function take(another: Another): Promise<void> {
    Object.assign(draft, { hall: another.hall.id, date: another.date, slot: another.slot_id, video: false })
    chose()
    await loadDays()
  }
  return { draft, days, slots, day, chosen, loadDays, loadSlots, chooseHall, chooseWay, chooseDay, chooseSlot, take }
}
export type Picking = ReturnType<typeof usePicking>
