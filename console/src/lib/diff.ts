export interface Change {
  path: string
  label: string
  before: string
  after: string
}

type Labels = Record<string, string>

function words(value: unknown): string {
  if (value === null || value === undefined || value === '') return '（空）'
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value)) return value.map(words).join('、') || '（空）'
  if (typeof value === 'object') {
    const named = value as Record<string, unknown>
    return words(named.name ?? named.title ?? named.key ?? JSON.stringify(value))
  }
  return String(value)
}

function same(a: unknown, b: unknown): boolean {
  const empty = (value: unknown) =>
    value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length)
  if (empty(a) && empty(b)) return true
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value && typeof value === 'object') {
    const entries = Object.entries(value as Record<string, unknown>)
    return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)).map(([k, v]) => [k, sorted(v)]))
  }
  return value
}

/** What differs between two contents, field by field; lists line by line. */
export function changes(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  labels: Labels,
): Change[] {
  const found: Change[] = []
  for (const path of Object.keys(labels)) {
    const label = labels[path] ?? path
    const a = before[path]
    const b = after[path]
    if (same(a, b)) continue
    if (Array.isArray(a) || Array.isArray(b)) found.push(...listChanges(path, label, list(a), list(b)))
    else found.push({ path, label, before: words(a), after: words(b) })
  }
  return found
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function listChanges(path: string, label: string, a: unknown[], b: unknown[]): Change[] {
  const found: Change[] = []
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    if (same(a[index], b[index])) continue
    const place = { path: `${path}.${index}`, label: `${label} 第 ${index + 1} 条` }
    const [left, right] = [a[index], b[index]]
    if (isRecord(left) && isRecord(right)) {
      for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
        if (same(left[key], right[key])) continue
        found.push({
          ...place,
          before: words(left[key]),
          after: words(right[key]),
          label: `${place.label} · ${words(right.name ?? left.name)}`,
        })
      }
    } else found.push({ ...place, before: words(left), after: words(right) })
  }
  return found
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return Boolean(value) && typeof value === 'object' && !Array.isArray(value)
}
