import type { OpinionMap } from '@/api/topics'

/** The map of opinions as a picture: who thinks alike lies close together. The phone draws it the same way. */

/** Each group has its own shape besides its own colour. */
const PAINTS = ['#0052D9', '#A34A00', '#147A4D', '#AD352F', '#5E5E5E']
const SHAPES: ((x: number, y: number) => string)[] = [
  (x, y) => `M${n(x - 1.3)} ${y}a1.3 1.3 0 1 0 2.6 0a1.3 1.3 0 1 0 -2.6 0z`,
  (x, y) => `M${n(x - 1.2)} ${n(y - 1.2)}h2.4v2.4h-2.4z`,
  (x, y) => `M${x} ${n(y - 1.6)}l1.6 2.9h-3.2z`,
  (x, y) => `M${x} ${n(y - 1.7)}l1.7 1.7l-1.7 1.7l-1.7 -1.7z`,
  (x, y) => `M${n(x - 0.6)} ${n(y - 1.6)}h1.2v1h1v1.2h-1v1h-1.2v-1h-1v-1.2h1z`,
]
const MARGIN = 9
const n = (value: number): number => Math.round(value * 100) / 100
export const colourOf = (index: number): string => PAINTS[index % PAINTS.length]!

export interface DrawnMap {
  hulls: { name: string; path: string; colour: string }[]
  points: { path: string; colour: string }[]
  /** Where a group's letter stands, in percent of the map. */
  labels: { name: string; left: number; top: number; colour: string }[]
}

/** Lays the map out in 100 by 100; the same scale both ways, so that distance means likeness. */
export function drawMap(map: Pick<OpinionMap, 'points' | 'groups'>): DrawnMap {
  const all = [...map.points.map(({ x, y }) => [x, y]), ...map.groups.flatMap(({ hull }) => hull)]
  const xs = all.map(([x]) => x ?? 0)
  const ys = all.map(([, y]) => y ?? 0)
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const scale = (100 - 2 * MARGIN) / (Math.max(right - left, high - low) || 1)
  const at = ([x = 0, y = 0]: number[]): [number, number] => [
    n(50 + (x - (left + right) / 2) * scale),
    n(50 - (y - (low + high) / 2) * scale),
  ]
  const order = new Map(map.groups.map(({ name }, index) => [name, index]))
  return {
    hulls: map.groups
      .map(({ name, hull }, index) => ({ name, hull, colour: colourOf(index) }))
      .filter(({ hull }) => hull.length >= 3)
      .map(({ name, hull, colour }) => ({ name, colour, path: `M${hull.map((corner) => at(corner).join(' ')).join('L')}Z` })),
    points: map.points.map(({ x, y, group }) => {
      const index = order.get(group) ?? 0
      return { colour: colourOf(index), path: SHAPES[index % SHAPES.length]!(...at([x, y])) }
    }),
    labels: map.groups.map(({ name, centre }, index) => {
      const [x, y] = at(centre)
      return { name, left: x, top: y, colour: colourOf(index) }
    }),
  }
}

type Counts = OpinionMap['shared'][number]['counts']
/** 23 人里 19 人同意 */
export function saidText(counts: Counts, answer: 'agree' | 'disagree'): string {
  const all = counts.agree + counts.disagree + counts.pass
  return `${all} 人里 ${counts[answer]} 人${answer === 'agree' ? '同意' : '不同意'}`
}
/** What a map says to somebody who cannot see it. */
export const spokenMap = (map: Pick<OpinionMap, 'groups'>) =>
  `看法地图：${map.groups.map(({ name, size }) => `${name} 组 ${size} 人`).join('，')}`
/** One sentence that says what the drawing shows. */
export function mapFinding(map: Pick<OpinionMap, 'participants' | 'groups' | 'shared' | 'apart'>): string {
  const shared = map.shared.length ? `${map.shared.length} 句话大家想到一起` : '还没有想到一起的'
  const apart = map.apart.length ? `${map.apart.length} 句话有分歧` : '没有明显的分歧'
  return `${map.participants} 人表了态，看法分成 ${map.groups.length} 组；${shared}，${apart}。`
}
/** Widths of a bar in percent; nothing where nobody answered. */
export function sharesOf(counts: Pick<Counts, 'agree' | 'disagree' | 'pass'>): { agree: number; disagree: number; pass: number } {
  const all = counts.agree + counts.disagree + counts.pass || 1
  return { agree: n((counts.agree / all) * 100), disagree: n((counts.disagree / all) * 100), pass: n((counts.pass / all) * 100) }
}
