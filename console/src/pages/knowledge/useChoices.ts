import { computed, shallowRef } from 'vue'
import { articleOptions, type ArticleOptions } from '@/api/knowledge'
import { AUDIENCES, MATERIAL_KINDS } from '@/lib/knowledge'

/** What an editor chooses from: categories, regions, departments; read once for the section. */
const options = shallowRef<ArticleOptions>({ categories: [], regions: [], departments: [] })
let asked: Promise<void> | null = null

async function read(): Promise<void> {
  try {
    options.value = await articleOptions()
  } catch {
    // The next page asks again; until then the lists are empty.
    asked = null
  }
}

export function useChoices() {
  asked ??= read()
  const groups = computed(() => options.value.categories)
  const regions = computed(() => options.value.regions)
  const departments = computed(() => options.value.departments)
  const nameIn = (list: { code: string; name: string }[], code: string) =>
    list.find((one) => one.code === code)?.name ?? code

  /** A coded field in words. */
  function wordOf(key: string, code: string): string {
    if (key === 'audience') return AUDIENCES[code as keyof typeof AUDIENCES] ?? code
    if (key === 'material_kind') return MATERIAL_KINDS[code as keyof typeof MATERIAL_KINDS] ?? code
    if (key === 'category_code') return nameIn(groups.value.flatMap((one) => one.items), code)
    return key === 'region_codes' ? nameIn(regions.value, code) : code
  }
  return { groups, regions, departments, wordOf }
}
