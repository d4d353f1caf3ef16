import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { asProblem, type Problem } from '@/api/problem'

export interface Poll<T> {
  data: T
  changed: boolean
}

/**
 * Asks again every `every` ms, one request at a time, and says how old the answer is.
 * A hidden page asks less often (unless `evenHidden`); a failure keeps the last answer and goes on asking.
 */
export function usePolling<T>(
  ask: () => Promise<Poll<T>>,
  every = 1000,
  options: { evenHidden?: boolean } = {},
) {
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const age = ref(0)
  let freshAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let ticker: ReturnType<typeof setInterval> | undefined
  let generation = 0
  let stopped = false

  async function once(): Promise<void> {
    const mine = generation
    try {
      const answer = await ask()
      if (mine !== generation) return
      if (answer.changed || data.value === null) data.value = answer.data
      freshAt = Date.now()
      age.value = 0
      problem.value = null
    } catch (error) {
      if (mine === generation) problem.value = asProblem(error)
    }
  }

  async function loop(): Promise<void> {
    await once()
    if (stopped) return
    const slower = document.hidden && !options.evenHidden ? 10 : 1
    const backOff = problem.value ? 2 : 1
    timer = setTimeout(loop, every * slower * backOff)
  }

  function visible(): void {
    if (document.hidden || stopped) return
    clearTimeout(timer)
    void loop()
  }

  /** Asks at once; with `clear`, forgets the old answer first (another hall, another day). */
  async function refresh(clear = false): Promise<void> {
    generation += 1
    if (clear) data.value = null
    await once()
  }

  onMounted(() => {
    void loop()
    ticker = setInterval(() => {
      if (freshAt) age.value = Date.now() - freshAt
    }, 1000)
    document.addEventListener('visibilitychange', visible)
  })
  onBeforeUnmount(() => {
    stopped = true
    clearTimeout(timer)
    clearInterval(ticker)
    document.removeEventListener('visibilitychange', visible)
  })
  return { data, problem, age, refresh }
}
