import { computed, shallowRef } from 'vue'
import { publicAreas } from '@/api/grid'
import { asProblem, type Problem } from '@/api/problem'
import type { AreaCollection } from '@/lib/geo'

/** The district's areas, read once for the whole console and again after an edit. */
const areas = shallowRef<AreaCollection | null>(null)
const problem = shallowRef<Problem | null>(null)
let asked: Promise<void> | null = null

async function read(): Promise<void> {
  try {
    areas.value = await publicAreas()
    problem.value = null
  } catch (error) {
    problem.value = asProblem(error)
    asked = null
  }
}

export function useAreas() {
  asked ??= read()
  const streets = computed(() =>
    (areas.value?.features ?? [])
      .map((feature) => feature.properties)
      .filter((one) => one.kind === 'street')
      .map((one) => ({ id: String(one.street_id ?? one.id), areaId: one.id, name: one.name })),
  )
  const reread = () => (asked = read())
  return { areas, problem, streets, reread }
}
