import type { EventFilter } from '@/api/events'

/** The desk's filters, kept by name on this computer for each member of staff. */

export interface SavedFilter {
  name: string
  filter: EventFilter
}

export const NO_FILTER: EventFilter = { state: 'open', street: '', category: '', light: '', source: '', q: '' }
const MOST = 20
const LONGEST = 16

type Store = Pick<Storage, 'getItem' | 'setItem'>
const key = (staffId: string) => `hy.console.desk.${staffId}`

export function readFilters(staffId: string, store: Store): SavedFilter[] {
  let found: unknown
  try {
    found = JSON.parse(store.getItem(key(staffId)) ?? '[]')
  } catch {
    // Somebody wrote over it: as if nothing had been kept.
    found = []
  }
  return (Array.isArray(found) ? (found as SavedFilter[]) : [])
    .filter((one) => one && typeof one.name === 'string' && typeof one.filter === 'object')
    .map((one) => ({ name: one.name, filter: { ...NO_FILTER, ...one.filter } }))
}

/** Why a name cannot be used, or an empty text. */
export function nameProblem(name: string): string {
  const text = name.trim()
  if (!text) return '给这组条件起个名字'
  return text.length > LONGEST ? `名字最多 ${LONGEST} 个字` : ''
}

/** Adds a filter or replaces the one of that name; what is kept now. */
export function keepFilter(
  staffId: string,
  name: string,
  filter: EventFilter,
  store: Store,
): SavedFilter[] {
  const others = readFilters(staffId, store).filter((one) => one.name !== name.trim())
  const kept = [...others, { name: name.trim(), filter: { ...filter } }].slice(-MOST)
  store.setItem(key(staffId), JSON.stringify(kept))
  return kept
}

export function dropFilter(staffId: string, name: string, store: Store): SavedFilter[] {
  const kept = readFilters(staffId, store).filter((one) => one.name !== name)
  store.setItem(key(staffId), JSON.stringify(kept))
  return kept
}

export const sameFilter = (a: EventFilter, b: EventFilter) =>
  (Object.keys(NO_FILTER) as (keyof EventFilter)[]).every((name) => a[name].trim() === b[name].trim())
