import { ref } from 'vue'

const KEY = 'search-history'
const MOST = 10

export const searchHistory = ref<string[]>((uni.getStorageSync(KEY) as string[] | '') || [])

function keep(words: string[]): void {
  searchHistory.value = words
  uni.setStorageSync(KEY, words)
}

/** Puts the words first, once; the eleventh is forgotten. */
export function remember(raw: string): void {
  const words = raw.trim()
  if (words) keep([words, ...searchHistory.value.filter((known) => known !== words)].slice(0, MOST))
}

export const forgetSearches = (): void => keep([])
