import { ref, shallowRef } from 'vue'
import { MessagePlugin } from 'tdesign-vue-next/es/message'
import { asProblem, type Problem } from '@/api/problem'

/**
 * Something a person does: busy while it runs, one at a time, its failure kept for the page
 * (`problem`) or, when `quiet` is not asked for, shown as a bar. Resolves to null on failure.
 */
export function useAction<T, A extends unknown[]>(
  run: (...args: A) => Promise<T>,
  options: { quiet?: boolean; done?: string | ((answer: T) => string) } = {},
) {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)

  async function act(...args: A): Promise<T | null> {
    if (busy.value) return null
    busy.value = true
    problem.value = null
    try {
      const answer = await run(...args)
      const words = typeof options.done === 'function' ? options.done(answer) : options.done
      if (words) void MessagePlugin.success(words)
      return answer ?? (true as T)
    } catch (error) {
      problem.value = asProblem(error)
      if (!options.quiet) void MessagePlugin.error({ content: problem.value.sentence, duration: 6000 })
      return null
    } finally {
      busy.value = false
    }
  }
  return { act, busy, problem }
}
