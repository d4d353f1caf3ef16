import { onBeforeUnmount, onMounted, ref } from 'vue'

/** The time as a page shows it, brought up to date every so often. */
export function useNow(every = 20_000) {
  const now = ref(new Date())
  let ticker: ReturnType<typeof setInterval> | undefined
  onMounted(() => (ticker = setInterval(() => (now.value = new Date()), every)))
  onBeforeUnmount(() => clearInterval(ticker))
  return now
}
