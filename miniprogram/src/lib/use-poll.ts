import { onHide, onShow, onUnload } from '@dcloudio/uni-app'

/**
 * Asks again and again while the page can be seen. `every` gives the pause in milliseconds before
 * the next question, read anew each time; 0 stops until the page is shown again.
 */
export function usePoll(ask: () => Promise<void>, every: () => number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let visible = false

  const stop = (): void => clearTimeout(timer)

  function plan(): void {
    stop()
    const pause = every()
    if (!visible || pause <= 0) return
    timer = setTimeout(async () => {
      await ask()
      plan()
    }, pause)
  }

  onShow(async () => {
    visible = true
    await ask()
    plan()
  })
  onHide(() => {
    visible = false
    stop()
  })
  onUnload(() => {
    visible = false
    stop()
  })
  return { plan, stop }
}
