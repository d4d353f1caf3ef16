import { computed, ref, watch } from 'vue'
import type { Worker } from '@/api/worker'
import { known, person } from './session'

const KEY = 'worker'
const last = ref<Worker | null>((uni.getStorageSync(KEY) as Worker | '') || null)

/** The work account of this phone; null for everyone else. Without a network at launch: the last one. */
export const worker = computed<Worker | null>(() =>
  person.value ? person.value.worker : known.value ? null : last.value,
)
export const handles = computed(() => worker.value !== null && worker.value.permissions.some(
  (one) => one === 'events.handle' || one === 'whistles.answer',
))

watch(
  [() => person.value, known],
  () => {
    if (!known.value) return
    last.value = worker.value
    if (worker.value) uni.setStorageSync(KEY, worker.value)
    else uni.removeStorageSync(KEY)
  },
  { immediate: true, flush: 'sync' },
)
