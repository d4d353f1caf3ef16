import type { AnswerCounts, OpinionMap } from '@/api/council'

/** Each group has its own shape besides its own colour. */
const PAINTS = ['#0052D9', '#A34A00', '#147A4D', '#AD352F', '#5E5E5E']
const SHAPES: ((x: number, y: number) => string)[] = [
  (x, y) => `<circle cx='${x}' cy='${y}' r='1.7'/>`,
  (x, y) => `<path d='M${n(x - 1.5)} ${n(y - 1.5)}h3v3h-3z'/>`,
  (x, y) => `<path d='M${x} ${n(y - 2)}l2 3.6h-4z'/>`,
  (x, y) => `<path d='M${x} ${n(y - 2.1)}l2.1 2.1l-2.1 2.1l-2.1 -2.1z'/>`,
  (x, y) => `<path d='M${n(x - 0.7)} ${n(y - 2)}h1.4v1.3h1.3v1.4h-1.3v1.3h-1.4v-1.3h-1.3v-1.4h1.3z'/>`,
]
const MARGIN = 9
const n = (value: number): number => Math.round(value * 100) / 100

export interface Drawn {
  /** For a background. */
  image: string
  /** Where a group's letter stands, in percent of the map. */
  labels: { name: string; size: number; left: number; top: number; colour: string }[]
  you: { left: number; top: number } | null
}

export const colourOf = (index: number): string => PAINTS[index % PAINTS.length]

/** Lays the map out in a square of 100 by 100; the same scale both ways, so that distance means likeness. */
export function draw(map: Pick<OpinionMap, 'points' | 'groups' | 'you'>): Drawn {
  const all = [...map.points.map(({ x, y }) => [x, y]), ...map.groups.flatMap(({ hull }) => hull), ...(map.you ? [[map.you.x, map.you.y]] : [])]
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)]
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const scale = (100 - 2 * MARGIN) / (Math.max(right - left, high - low) || 1)
  const at = ([x, y]: number[]): [number, number] => [n(50 + (x - (left + right) / 2) * scale), n(50 - (y - (low + high) / 2) * scale)]

  const order = new Map(map.groups.map(({ name }, index) => [name, index]))
  const hulls = map.groups
    .map(({ hull }, index) => {
      if (hull.length < 3) return ''
      const path = hull.map((corner) => at(corner).join(' ')).join('L')
      const paint = colourOf(index)
      return `<path d='M${path}Z' fill='${paint}' fill-opacity='0.1' stroke='${paint}' stroke-opacity='0.45' stroke-width='6' stroke-linejoin='round'/>`
    })
    .join('')
  const points = map.points
    .map(({ x, y, group }) => {
      const index = order.get(group) ?? 0
      return `<g fill='${colourOf(index)}' fill-opacity='0.75'>${SHAPES[index % SHAPES.length](...at([x, y]))}</g>`
    })
    .join('')
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100'>${hulls}${points}</svg>`
  const you = map.you ? at([map.you.x, map.you.y]) : null
  return {
    image: `url("data:image/svg+xml,${encodeURIComponent(svg)}")`,
    labels: map.groups.map(({ name, size, centre }, index) => {
      const [x, y] = at(centre)
      return { name, size, left: x, top: y, colour: colourOf(index) }
    }),
    you: you ? { left: you[0], top: you[1] } : null,
  }
}

/** 23 人里 19 人同意 */
export function saidText(counts: AnswerCounts, answer: 'agree' | 'disagree'): string {
  const all = counts.agree + counts.disagree + counts.pass
  return `${all} 人里 ${counts[answer]} 人${answer === 'agree' ? '同意' : '不同意'}`
}

/** What a map says to somebody who cannot see it. */
export function spoken(map: Pick<OpinionMap, 'groups' | 'you'>): string {
  const groups = map.groups.map(({ name, size }) => `${name} 组 ${size} 人`).join('，')
  return `看法地图：${groups}${map.you ? `，您在 ${map.you.group} 组` : ''}`
}
