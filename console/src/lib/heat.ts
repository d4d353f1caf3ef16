/** Classes of the heat map: each has a shade and its numbers, so that the shade never speaks alone. */

export interface HeatClass {
  from: number
  to: number
  colour: string
}

const SHADES = ['#dbe6ff', '#a8c4ff', '#6d9bff', '#2f6fe8', '#003cab']

/** At most five classes by equal shares of the areas that have any; empty without events. */
export function heatClasses(counts: number[]): HeatClass[] {
  const some = [...new Set(counts.filter((count) => count > 0))].sort((a, b) => a - b)
  const size = Math.min(SHADES.length, some.length)
  return Array.from({ length: size }, (_, at) => {
    const from = some[Math.floor((at * some.length) / size)] ?? 0
    const next = some[Math.floor(((at + 1) * some.length) / size) - 1] ?? from
    const shade = size === 1 ? 2 : Math.round((at * (SHADES.length - 1)) / (size - 1))
    return { from, to: next, colour: SHADES[shade] ?? SHADES[0]! }
  })
}

export const NOTHING = '#f6f7fa'

export function shadeOf(count: number, classes: HeatClass[]): string {
  return classes.find((one) => count >= one.from && count <= one.to)?.colour ?? NOTHING
}

export const rangeText = (one: HeatClass) => (one.from === one.to ? `${one.from} 件` : `${one.from}–${one.to} 件`)
