import type { Point } from './types'

/** What a map shows. All coordinates are the platform's own (`platform.coordinates`). */
export interface MapMark extends Point {
  id: string
  /** Said by a screen reader; the shape tells open from solved without colour. */
  label: string
  kind: 'open' | 'solved' | 'mine' | 'urgent'
}

export interface AreaFeature {
  type: 'Feature'
  properties: { id: string; kind: 'street' | 'community' | 'cell'; code: string; name: string; [name: string]: unknown }
  geometry:
    | { type: 'Polygon'; coordinates: number[][][] }
    | { type: 'MultiPolygon'; coordinates: number[][][][] }
}

/** GeoJSON: coordinates are longitude, latitude. */
export interface Areas {
  type: 'FeatureCollection'
  features: AreaFeature[]
}

/** west, south, east, north */
export type Box = [number, number, number, number]

/** The outer rings of a shape. */
export const rings = ({ geometry }: AreaFeature): number[][][] =>
  geometry.type === 'Polygon' ? [geometry.coordinates[0]] : geometry.coordinates.map((part) => part[0])

/** The box around all of them; null around nothing. */
export function boxOf(points: Point[]): Box | null {
  if (!points.length) return null
  const [lat, lng] = [points.map((one) => one.latitude), points.map((one) => one.longitude)]
  return [Math.min(...lng), Math.min(...lat), Math.max(...lng), Math.max(...lat)]
}

export const cornersOf = (areas: Areas): Point[] =>
  areas.features.flatMap((one) => rings(one).flat()).map(([longitude, latitude]) => ({ latitude, longitude }))

/** Marks that would cover each other, by their places on the screen in pixels. */
export function groups<T>(marks: T[], place: (mark: T) => { x: number; y: number }, apart: number): T[][] {
  const found: { x: number; y: number; marks: T[] }[] = []
  for (const mark of marks) {
    const { x, y } = place(mark)
    const near = found.find((one) => Math.hypot(one.x - x, one.y - y) < apart)
    if (near) near.marks.push(mark)
    else found.push({ x, y, marks: [mark] })
  }
  return found.map((one) => one.marks)
}
