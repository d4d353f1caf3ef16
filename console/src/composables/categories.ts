import { computed, shallowRef } from 'vue'
import { categories as askCategories, type Category } from '@/api/events'

/** The categories of events, read once for the whole console. */
const all = shallowRef<Category[]>([])
let asked: Promise<void> | null = null

async function read(): Promise<void> {
  try {
    all.value = (await askCategories()).items
  } catch {
    // The next page that needs them asks again; until then the lists of categories are empty.
    asked = null
  }
}

export function useCategories() {
  asked ??= read()
  const names = computed(
    () =>
      new Map(
        all.value.flatMap((one) => [
          [one.code, one.name] as const,
          ...one.children.map((child) => [child.code, child.name] as const),
        ]),
      ),
  )
  /** The code itself and those below it. */
  const family = (code: string) => [
    code,
    ...(all.value.find((one) => one.code === code)?.children.map((child) => child.code) ?? []),
  ]
  return { all, names, family }
}

/** After the settings changed. */
export async function rereadCategories(): Promise<void> {
  asked = read()
  await asked
}
