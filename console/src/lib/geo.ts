/** Shapes on the map: GeoJSON of the district's areas, and the checks an edited outline must pass. */

/** Longitude and latitude, WGS-84, in GeoJSON's order. */
export type Position = [number, number]
export type Ring = Position[]

export interface AreaGeometry {
  type: 'Polygon' | 'MultiPolygon'
  coordinates: Position[][] | Position[][][]
}
export interface AreaFeature {
  type: 'Feature'
  id?: string
  geometry: AreaGeometry
  properties: Record<string, unknown> & { id: string; name: string; kind: string }
}
export interface AreaCollection {
  type: 'FeatureCollection'
  features: AreaFeature[]
}

/** All outer rings and holes. */
export function rings(geometry: AreaGeometry): Ring[] {
  return geometry.type === 'Polygon'
    ? (geometry.coordinates as Position[][])
    : (geometry.coordinates as Position[][][]).flat()
}

/** The first outer ring without its closing point: what the editor changes. */
export function openRing(geometry: AreaGeometry): Ring {
  const ring = rings(geometry)[0] ?? []
  const [first, last] = [ring[0], ring[ring.length - 1]]
  const closed = first && last && ring.length > 1 && first[0] === last[0] && first[1] === last[1]
  return (closed ? ring.slice(0, -1) : ring).map((point) => [point[0], point[1]])
}

/** The geometry with that ring in place of its first one, closed again; holes and other parts stay. */
export function withRing(geometry: AreaGeometry, ring: Ring): AreaGeometry {
  const first = ring[0]
  const closed = first ? [...ring, first] : ring
  if (geometry.type === 'Polygon')
    return { type: 'Polygon', coordinates: [closed, ...(geometry.coordinates as Position[][]).slice(1)] }
  const [part = [], ...others] = geometry.coordinates as Position[][][]
  return { type: 'MultiPolygon', coordinates: [[closed, ...part.slice(1)], ...others] }
}

/** True when the editor would hide something of the shape: more parts than one outline. */
export const hasMoreRings = (geometry: AreaGeometry) => rings(geometry).length > 1

function side(a: Position, b: Position, c: Position): number {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
}

function cross(a: Position, b: Position, c: Position, d: Position): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}

/** Why an outline cannot be kept, or an empty text. */
export function ringProblem(ring: Ring): string {
  if (ring.length < 3) return '一个网格至少要三个点'
  for (const [at, point] of ring.entries()) {
    if (!point.every(Number.isFinite)) return `第 ${at + 1} 个点的坐标没有填好`
    if (Math.abs(point[0]) > 180 || Math.abs(point[1]) > 90) return `第 ${at + 1} 个点的坐标不在地球上`
  }
  for (let i = 0; i < ring.length; i += 1) {
    for (let j = i + 1; j < ring.length; j += 1) {
      const [a, b] = [ring[i], ring[(i + 1) % ring.length]] as [Position, Position]
      const [c, d] = [ring[j], ring[(j + 1) % ring.length]] as [Position, Position]
      if (cross(a, b, c, d)) return `边界自己交叉了：第 ${i + 1} 条边和第 ${j + 1} 条边`
    }
  }
  return ''
}

/** Square kilometres, good enough for a note beside the map. */
export function areaKm2(ring: Ring): number {
  const middle = ring.reduce((sum, point) => sum + point[1], 0) / (ring.length || 1)
  const [kx, ky] = [111.32 * Math.cos((middle * Math.PI) / 180), 110.57]
  let twice = 0
  for (const [at, point] of ring.entries()) {
    const next = ring[(at + 1) % ring.length] ?? point
    twice += point[0] * kx * (next[1] * ky) - next[0] * kx * (point[1] * ky)
  }
  return Math.abs(twice) / 2
}

/** "114.054321" with at most six digits, about ten centimetres. */
export const degrees = (value: number) => String(Math.round(value * 1e6) / 1e6)

/** Whether a point lies inside the area (even-odd over all rings). */
export function inside(geometry: AreaGeometry, longitude: number, latitude: number): boolean {
  let odd = false
  for (const ring of rings(geometry)) {
    for (const [at, a] of ring.entries()) {
      const b = ring[(at + 1) % ring.length] ?? a
      if (a[1] > latitude === b[1] > latitude) continue
      if (longitude < ((b[0] - a[0]) * (latitude - a[1])) / (b[1] - a[1]) + a[0]) odd = !odd
    }
  }
  return odd
}
