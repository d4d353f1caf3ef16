import type { Step } from '@/api/types'

/** A place in a row: a step, or (without one) a line that passes by. */
export interface Cell {
  key: string
  step: Step | null
}

export interface Row {
  cells: Cell[]
  /** Lines down to the next row, as positions within this row and the next. */
  lines: [number, number][]
}

export interface Flow {
  rows: Row[]
  /** Ways back, as [from, to] keys: they are told in words, not drawn. */
  returns: [string, string][]
}

/** Edges that lead back to a step one has come through. Steps named but missing are left out. */
function split(steps: Step[]): { forward: Map<string, string[]>; returns: [string, string][] } {
  const known = new Map(steps.map((step) => [step.key, step]))
  const forward = new Map<string, string[]>()
  const returns: [string, string][] = []
  const open = new Set<string>()

  function visit(key: string): void {
    open.add(key)
    const ways: string[] = []
    forward.set(key, ways)
    for (const next of known.get(key)?.next ?? []) {
      if (!known.has(next)) continue
      if (open.has(next)) returns.push([key, next])
      else {
        ways.push(next)
        if (!forward.has(next)) visit(next)
      }
    }
    open.delete(key)
  }
  steps.forEach((step) => forward.has(step.key) || visit(step.key))
  return { forward, returns }
}

/** The row of each step: one below the lowest of those that lead to it. */
function depths(steps: Step[], forward: Map<string, string[]>): Map<string, number> {
  const depth = new Map(steps.map((step) => [step.key, 0]))
  // At most one round per step is needed, since there are no circles left.
  for (let round = 0; round < steps.length; round += 1) {
    for (const [key, ways] of forward) {
      for (const next of ways) {
        depth.set(next, Math.max(depth.get(next) ?? 0, (depth.get(key) ?? 0) + 1))
      }
    }
  }
  return depth
}

/** Lays the steps of an item out in rows, top to bottom, with lines that pass rows drawn through. */
export function layOut(steps: Step[]): Flow {
  const { forward, returns } = split(steps)
  const depth = depths(steps, forward)
  const count = steps.length ? Math.max(...depth.values()) + 1 : 0
  const rows: Row[] = Array.from({ length: count }, () => ({ cells: [], lines: [] }))
  for (const step of steps) rows[depth.get(step.key) ?? 0].cells.push({ key: step.key, step })

  const links: [string, string][][] = rows.map(() => [])
  for (const [key, ways] of forward) {
    for (const next of ways) {
      let above = key
      const last = depth.get(next) ?? 0
      for (let row = (depth.get(key) ?? 0) + 1; row < last; row += 1) {
        const passing = `${key}>${next}@${row}`
        rows[row].cells.push({ key: passing, step: null })
        links[row - 1].push([above, passing])
        above = passing
      }
      links[last - 1].push([above, next])
    }
  }
  const place = (row: Row, key: string) => row.cells.findIndex((cell) => cell.key === key)
  links.forEach((pairs, index) => {
    rows[index].lines = pairs.map(([from, into]) => [place(rows[index], from), place(rows[index + 1], into)])
  })
  return { rows, returns }
}

/** The lines between two rows as an SVG image to stretch over the gap (no text in it). */
export function linesImage(lines: [number, number][], above: number, below: number): string {
  const at = (index: number, of: number) => ((index + 0.5) / of) * 100
  const paths = lines
    .map(([from, into]) => {
      const [x, to] = [at(from, above), at(into, below)]
      return x === to ? `M${x} 0V20` : `M${x} 0V10H${to}V20`
    })
    .join('')
  const svg =
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 20' preserveAspectRatio='none'>` +
    `<path d='${paths}' fill='none' stroke='#8B8B8B' stroke-width='1.5' vector-effect='non-scaling-stroke'/></svg>`
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`
}
