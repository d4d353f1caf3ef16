import { sameBody, type Body } from './merging'

/** What an operator has typed, kept on this computer at once and on the server a moment later. */

export interface KeptDraft {
  body: Body
  /** The server's text this was written upon, and its version; 0 when there was none. */
  base: Body
  version: number
  keptAt: string
}

export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const placeOf = (staffId: string, key: string) => `hy.console.draft.${staffId}.${key}`

function isBody(value: unknown): value is Body {
  return Boolean(value) && typeof value === 'object' && Object.values(value as object).every((one) => typeof one === 'string')
}

export function readKept(staffId: string, key: string, store: Store): KeptDraft | null {
  let found: unknown
  try {
    found = JSON.parse(store.getItem(placeOf(staffId, key)) ?? 'null')
  } catch {
    // Somebody wrote over it: as if nothing had been kept.
    return null
  }
  const draft = found as KeptDraft | null
  return draft && isBody(draft.body) && isBody(draft.base) && typeof draft.version === 'number' ? draft : null
}

/** False when this computer's store is full or shut; the server's copy is then the only one. */
export function keep(staffId: string, key: string, draft: KeptDraft, store: Store): boolean {
  try {
    store.setItem(placeOf(staffId, key), JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}

export const forget = (staffId: string, key: string, store: Store) => store.removeItem(placeOf(staffId, key))

export interface ServerDraft {
  body: Body
  version: number
}
export type Opening =
  | { how: 'blank' }
  | { how: 'kept'; draft: KeptDraft }
  | { how: 'stored'; draft: KeptDraft }
  /** Both were written since they last agreed: somebody has to choose. */
  | { how: 'clash'; draft: KeptDraft; stored: ServerDraft }

/** What a desk opens with after a crash, a reload, or work at another computer. */
export function opening(kept: KeptDraft | null, stored: ServerDraft | null): Opening {
  if (!stored) {
    if (!kept) return { how: 'blank' }
    // The server has none (any more): what is here goes up as a first one.
    return { how: 'kept', draft: { ...kept, base: {}, version: 0 } }
  }
  const fresh: KeptDraft = { body: stored.body, base: stored.body, version: stored.version, keptAt: '' }
  if (!kept || sameBody(kept.body, stored.body) || sameBody(kept.body, kept.base)) return { how: 'stored', draft: fresh }
  if (kept.version === stored.version) return { how: 'kept', draft: { ...kept, base: stored.body } }
  return { how: 'clash', draft: kept, stored }
}

/** Worth keeping: somebody wrote something besides what the form starts with. */
export const isWritten = (body: Body, blank: Body) =>
  Object.entries(body).some(([name, text]) => text.trim() !== (blank[name] ?? '').trim())
