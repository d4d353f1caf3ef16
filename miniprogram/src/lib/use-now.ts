import { ref } from 'vue'
import { onHide, onShow, onUnload } from '@dcloudio/uni-app'

/** The time, moving on twice a minute while the page can be seen. */
export function useNow() {
  const now = ref(new Date())
  let timer: ReturnType<typeof setInterval> | undefined
  const stop = (): void => clearInterval(timer)
  onShow(() => {
    now.value = new Date()
    stop()
    timer = setInterval(() => (now.value = new Date()), 30_000)
  })
  onHide(stop)
  onUnload(stop)
  return now
}
