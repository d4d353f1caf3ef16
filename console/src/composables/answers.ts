import { computed, onBeforeUnmount, ref, watch, type Ref } from 'vue'
import { staffSearch, type Hit, type SearchFilter } from '@/api/knowledge'
import { useLoad } from './load'

const QUICK_MS = 180
const DEEP_MS = 600
const SHORTEST = 2
const EVERYTHING: SearchFilter = { kinds: '', department: '', region: '', material_kind: '' }

/**
 * Answers while somebody types: a quick search at once, a thorough one when the typing pauses.
 * The best one that is `useful` is chosen until somebody chooses another, which then stays while it
 * is among them.
 */
export function useAnswers(
  words: Ref<string>,
  narrow: Ref<SearchFilter> = ref(EVERYTHING),
  useful: (hit: Hit) => boolean = () => true,
) {
  const chosenId = ref<string | null>(null)
  const byHand = ref(false)
  const found = useLoad((text: string, thorough: boolean) =>
    staffSearch({ q: text, ...narrow.value }, thorough),
  )
  const asked = computed(() => words.value.trim().length >= SHORTEST)
  const hits = computed<Hit[]>(() => (asked.value ? (found.data.value?.items ?? []) : []))
  const at = computed(() => hits.value.findIndex((hit) => hit.id === chosenId.value))
  const chosen = computed<Hit | null>(() => hits.value[at.value] ?? null)

  const timers: ReturnType<typeof setTimeout>[] = []
  const clear = () => timers.splice(0).forEach(clearTimeout)
  async function search(thorough: boolean): Promise<void> {
    const answer = await found.load(words.value.trim().slice(0, 300), thorough)
    if (!answer) return
    const kept = byHand.value && answer.items.some((hit) => hit.id === chosenId.value)
    if (kept) return
    const best = answer.items.find(useful) ?? answer.items[0]
    ;[chosenId.value, byHand.value] = [best?.id ?? null, false]
  }
  watch(
    [words, narrow],
    () => {
      clear()
      if (!asked.value) return
      timers.push(
        setTimeout(() => void search(false), QUICK_MS),
        setTimeout(() => void search(true), DEEP_MS),
      )
    },
    { immediate: true },
  )
  function choose(id: string | null): void {
    ;[chosenId.value, byHand.value] = [id, true]
  }
  onBeforeUnmount(clear)
  return { hits, chosen, chosenId, at, asked, found, choose, search }
}
