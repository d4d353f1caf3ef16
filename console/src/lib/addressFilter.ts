/** Filters as part of an address: only what differs from the plain list stands there. */

export type Filter = Record<string, string>
type Query = Record<string, unknown>

export function fromQuery<F extends Filter>(defaults: F, query: Query): F {
  const found: Filter = { ...defaults }
  for (const name of Object.keys(defaults)) {
    const value = query[name]
    if (typeof value === 'string') found[name] = value
  }
  return found as F
}

export function toQuery<F extends Filter>(defaults: F, filter: F): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).filter(([name, value]) => value !== defaults[name]))
}
