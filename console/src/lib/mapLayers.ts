import * as L from 'leaflet'
import type { Light } from '@/api/events'
import { inside, type AreaCollection, type AreaFeature } from './geo'

/** What is drawn on the map: areas with their names, and points whose shape says their light. */

export const LIGHT_COLOURS: Record<Light, string> = {
  red: '#d54941',
  yellow: '#e37318',
  green: '#2ba471',
  none: '#5e5e5e',
}

interface Drawing {
  _drawing: boolean
  _ctx: CanvasRenderingContext2D
  _fillStroke: (ctx: CanvasRenderingContext2D, layer: L.Path) => void
}
interface Drawn {
  _renderer: Drawing
  _point: L.Point
  _radius: number
  _empty: () => boolean
  options: { light: Light }
}

/** Circle 时间够, triangle 快到时, square 已超时: drawn on the canvas, so colour never speaks alone. */
const Shape = L.CircleMarker.extend({
  _updatePath(this: Drawn) {
    const renderer = this._renderer
    if (!renderer._drawing || this._empty()) return
    const { x, y } = this._point
    const [ctx, r] = [renderer._ctx, Math.max(this._radius, 1)]
    ctx.beginPath()
    if (this.options.light === 'red') ctx.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7)
    else if (this.options.light === 'yellow') {
      ctx.moveTo(x, y - r * 1.15)
      ctx.lineTo(x + r * 1.1, y + r * 0.8)
      ctx.lineTo(x - r * 1.1, y + r * 0.8)
      ctx.closePath()
    } else ctx.arc(x, y, r, 0, Math.PI * 2)
    renderer._fillStroke(ctx, this as unknown as L.Path)
  },
}) as unknown as new (at: L.LatLngExpression, options: L.CircleMarkerOptions & { light: Light }) => L.CircleMarker

/** The pane of the points, above the names; it also takes the mouse for the areas below. */
export const DOTS = 'dots'

export function shapeMarker(
  at: L.LatLngExpression,
  light: Light,
  look: { chosen: boolean; urgent: boolean },
  renderer: L.Renderer,
) {
  const { chosen, urgent } = look
  return new Shape(at, {
    light,
    radius: chosen ? 11 : urgent ? 8 : 6.5,
    color: chosen ? '#003cab' : '#fff',
    weight: chosen ? 3.5 : 1.5,
    fillColor: LIGHT_COLOURS[light],
    fillOpacity: 0.95,
    // A click on a point is not a click on the area below it.
    bubblingMouseEvents: false,
    pane: DOTS,
    renderer,
  })
}

const LINE: Record<string, L.PathOptions> = {
  street: { color: '#5a6a8c', weight: 2.6, fillOpacity: 0 },
  community: { color: '#8d99b3', weight: 1.5, fillOpacity: 0 },
  cell: { color: '#c3cad9', weight: 1, fillColor: '#f6f7fa', fillOpacity: 0.9 },
}

export interface AreaStyle {
  fill?: (feature: AreaFeature) => string | null
  chosen?: string | null
}

export function areaStyle(feature: AreaFeature, style: AreaStyle): L.PathOptions {
  const base = { ...(LINE[feature.properties.kind] ?? LINE.cell) }
  const fill = style.fill?.(feature)
  if (fill) Object.assign(base, { fillColor: fill, fillOpacity: 0.85 })
  if (style.chosen && feature.properties.id === style.chosen)
    Object.assign(base, { color: '#0052d9', weight: 3, fillColor: fill ?? '#dbe6ff', fillOpacity: 0.75 })
  return base
}

const ORDER: Record<string, number> = { cell: 0, community: 1, street: 2 }

/** Cells below, streets on top, so that the heavier lines show. The map finds what is clicked. */
export function drawAreas(areas: AreaCollection, style: AreaStyle): L.GeoJSON {
  const sorted = [...areas.features].sort(
    (a, b) => (ORDER[a.properties.kind] ?? 0) - (ORDER[b.properties.kind] ?? 0),
  )
  return L.geoJSON({ type: 'FeatureCollection', features: sorted } as never, {
    style: (feature) => areaStyle(feature as unknown as AreaFeature, style),
    interactive: false,
  })
}

/** The area of a kind that holds the point. */
export function areaAt(areas: AreaCollection | null, kind: string, at: L.LatLng): AreaFeature | null {
  return (
    areas?.features.find((one) => one.properties.kind === kind && inside(one.geometry, at.lng, at.lat)) ?? null
  )
}

/** Names in the middle of the areas: of the finest kind that has room at this zoom. */
export function nameLabels(map: L.Map, layer: L.GeoJSON): L.LayerGroup {
  const byKind = new Map<string, { name: string; bounds: L.LatLngBounds; width: number }[]>()
  layer.eachLayer((one) => {
    const area = (one as L.Polygon & { feature: AreaFeature }).feature.properties
    const bounds = (one as L.Polygon).getBounds()
    const width = map.project(bounds.getSouthEast()).x - map.project(bounds.getSouthWest()).x
    byKind.set(area.kind, [...(byKind.get(area.kind) ?? []), { name: area.name, bounds, width }])
  })
  const roomy = ['cell', 'community', 'street'].find((kind) => {
    const widths = (byKind.get(kind) ?? []).map((one) => one.width).sort((a, b) => a - b)
    return widths.length && (widths[Math.floor(widths.length / 2)] ?? 0) >= 96
  })
  const group = L.layerGroup()
  for (const one of byKind.get(roomy ?? 'street') ?? []) {
    const label = document.createElement('span')
    label.textContent = one.name
    const icon = L.divIcon({ className: 'map-label', html: label, iconSize: [0, 0] })
    group.addLayer(L.marker(one.bounds.getCenter(), { icon, interactive: false, keyboard: false }))
  }
  return group
}
