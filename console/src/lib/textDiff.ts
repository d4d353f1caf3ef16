import type { Part } from '@/api/knowledge'

/** What two texts have in common, by lines first and by characters inside changed lines. */

/** Beyond this many cells a pair of lines is shown as replaced whole, so that no page ever waits. */
const CELLS = 250_000

/** The longest common subsequence as steps; `same` compares two tokens. */
function steps(a: string[], b: string[]): Part[] {
  const width = b.length + 1
  const table = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      table[i * width + j] =
        a[i] === b[j]
          ? table[(i + 1) * width + j + 1]! + 1
          : Math.max(table[(i + 1) * width + j]!, table[i * width + j + 1]!)
  const found: Part[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      found.push({ op: 'same', text: a[i]! })
      i += 1
      j += 1
    } else if (table[(i + 1) * width + j]! >= table[i * width + j + 1]!) {
      found.push({ op: 'del', text: a[i]! })
      i += 1
    } else {
      found.push({ op: 'add', text: b[j]! })
      j += 1
    }
  }
  for (; i < a.length; i += 1) found.push({ op: 'del', text: a[i]! })
  for (; j < b.length; j += 1) found.push({ op: 'add', text: b[j]! })
  return found
}

function joined(parts: Part[]): Part[] {
  const found: Part[] = []
  for (const part of parts) {
    const last = found[found.length - 1]
    if (last?.op === part.op) last.text += part.text
    else if (part.text) found.push({ ...part })
  }
  return found
}

const replaced = (from: string, to: string): Part[] =>
  joined([
    { op: 'del', text: from },
    { op: 'add', text: to },
  ])

function inside(from: string, to: string): Part[] {
  const [a, b] = [[...from], [...to]]
  if (a.length * b.length > CELLS) return replaced(from, to)
  const parts = joined(steps(a, b))
  const kept = parts.reduce((sum, part) => sum + (part.op === 'same' ? part.text.length : 0), 0)
  // Hardly anything in common: single characters that happen to match only confuse.
  return kept * 3 < Math.max(from.length, to.length) ? replaced(from, to) : parts
}

const lines = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

export function textParts(from: string, to: string): Part[] {
  if (from === to) return from ? [{ op: 'same', text: from }] : []
  const [a, b] = [lines(from), lines(to)]
  if (a.length * b.length > CELLS) return replaced(from, to)
  const found: Part[] = []
  let [gone, come] = ['', '']
  const flush = () => {
    if (gone || come) found.push(...(gone && come ? inside(gone, come) : replaced(gone, come)))
    gone = come = ''
  }
  for (const part of steps(a, b)) {
    if (part.op === 'del') gone += part.text
    else if (part.op === 'add') come += part.text
    else {
      flush()
      found.push(part)
    }
  }
  flush()
  return joined(found)
}

/** The half of a comparison that stands on one side. */
export const side = (parts: Part[], which: 'from' | 'to') =>
  parts.filter((part) => part.op === 'same' || part.op === (which === 'from' ? 'del' : 'add'))
