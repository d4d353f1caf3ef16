import { shallowRef } from 'vue'
import { ticketDepartments, type Named } from '@/api/hotline'

/** The departments that tickets go to, read once for the whole console. */
const all = shallowRef<Named[]>([])
let asked: Promise<void> | null = null

async function read(): Promise<void> {
  try {
    all.value = (await ticketDepartments()).items
  } catch {
    // The next page that needs them asks again; until then the lists are empty.
    asked = null
  }
}

export function useDepartments() {
  asked ??= read()
  return { departments: all }
}
