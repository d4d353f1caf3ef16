import { computed, ref, watch } from 'vue'
import { events, type Suggestions } from '@/api/events'
import { emergencyIn } from '@/lib/emergency'
import { whereOf } from '@/lib/place'
import type { Draft } from './draft'

const PAUSE_MS = 700
/** Below this the person chooses, or the office does. */
export const SURE = 0.35

/** What the words and the place so far suggest; asked a moment after the last letter. */
export function useSuggestions(draft: Draft) {
  const answer = ref<Suggestions | null>(null)
  /** True when the last question had no answer: the network is gone, or the words were refused. */
  const failed = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest = 0
  let answered = ''

  const question = () => JSON.stringify([draft.words.trim(), draft.place.point])

  async function ask(): Promise<void> {
    clearTimeout(timer)
    const mine = ++latest
    const words = draft.words.trim()
    const now = question()
    if (words.length < 2 || now === answered) return
    try {
      const got = await events.suggest({ words, ...whereOf(draft.place.point) })
      if (mine !== latest) return
      answer.value = got
      answered = now
      failed.value = false
    } catch {
      if (mine === latest) failed.value = true
    }
  }

  watch(question, () => {
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE_MS)
  })

  const emergency = computed(() => {
    const told = answer.value?.emergency
    if (!failed.value && answer.value) return told?.matched ? told : null
    return emergencyIn(draft.words)
  })
  const best = computed(() => answer.value?.categories.find((one) => one.sure >= SURE) ?? null)
  const stop = (): void => {
    latest += 1
    clearTimeout(timer)
  }
  return { answer, failed, emergency, best, ask, stop }
}
