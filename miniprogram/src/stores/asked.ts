import { ref } from 'vue'
import { owner } from './outbox-owner'

const KEY = 'asked'
const MOST = 20

/** A question to the desk that a search led to. */
interface Asked {
  owner: string
  query: string
  id: string
}

const all = ref<Asked[]>((uni.getStorageSync(KEY) as Asked[] | '') || [])

/** Remembers which question came from which search, so that its answer comes back to that search. */
export function keepAsked(query: string, id: string): void {
  if (!query) return
  const others = all.value.filter((one) => one.query !== query || one.owner !== owner.value)
  all.value = [{ owner: owner.value, query, id }, ...others].slice(0, MOST)
  uni.setStorageSync(KEY, all.value)
}

/** The id of what the signed-in person asked after searching these words; ''. */
export const askedBefore = (query: string): string =>
  (owner.value && all.value.find((one) => one.query === query && one.owner === owner.value)?.id) || ''
