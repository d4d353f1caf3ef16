import { computed, ref, watch } from 'vue'
import { known, person } from './session'

const KEY = 'outbox-owner'
const last = ref((uni.getStorageSync(KEY) as string) || '')

/** Whose actions these are. Without a network at launch: who was signed in last. '' is nobody. */
export const owner = computed(() => person.value?.id ?? (known.value ? '' : last.value))

watch(
  () => person.value?.id,
  (id) => {
    if (id) uni.setStorageSync(KEY, (last.value = id))
    else if (known.value) uni.removeStorageSync(KEY)
  },
  { immediate: true, flush: 'sync' },
)
