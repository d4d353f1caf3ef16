import { computed, ref } from 'vue'
import { agents, type Consent } from '@/api/booking'
import { wallDay } from '@/lib/format'

/** Whom one may book for: oneself ('') and those whose consent to it stands. */
export function usePeople(item: () => string) {
  const consents = ref<Consent[]>([])
  const chosen = ref<string[]>([''])

  /** An extra on the page: without it one books for oneself. */
  async function load(): Promise<void> {
    try {
      const today = wallDay(new Date().toISOString())
      consents.value = (await agents.mine()).items.filter(
        (one) => one.role === 'agent' && one.state === 'given' && one.until >= today && (!one.item || one.item.id === item()),
      )
    } catch {
      consents.value = []
    }
    const kept = chosen.value.filter((id) => !id || consents.value.some((one) => one.id === id))
    chosen.value = kept.length ? kept : ['']
  }
  const nameOf = (id: string): string => consents.value.find((one) => one.id === id)?.other_name ?? ''
  const forOthers = computed(() => chosen.value.filter(Boolean))
  return { consents, chosen, forOthers, nameOf, load }
}
