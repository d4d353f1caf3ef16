import { computed } from 'vue'
import { session } from '@/composables/session'

const WRITERS = ['department_handler', 'department_head']

/** Where the signed-in person may write: the departments of the roles that write. */
export function useOwnDepartments() {
  return computed(() => {
    const held = (session.staff?.roles ?? []).filter((role) => WRITERS.includes(role.role) && role.scope_id)
    const named = held.map((role) => [role.scope_id, { id: role.scope_id ?? '', name: role.scope_text }] as const)
    return [...new Map(named).values()]
  })
}
