import { onMounted, onUnmounted, ref } from 'vue'

/** The time, to the second, as long as what shows it is there. */
export function useSeconds() {
  const now = ref(new Date())
  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => {
    timer = setInterval(() => (now.value = new Date()), 1000)
  })
  onUnmounted(() => clearInterval(timer))
  return now
}
