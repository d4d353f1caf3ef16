import L from 'leaflet'
import 'leaflet/dist/leaflet.css'
import './leaflet-map.css'
import { boxOf, cornersOf, groups, type Areas, type Box, type MapMark } from '../map'
import type { Point } from '../types'

export interface Listeners {
  pick: (id: string) => void
  /** The map has come to rest: its centre, what it shows, and whether a person moved it there. */
  rest: (centre: Point, box: Box, byHand: boolean) => void
}

const STYLES: Record<string, L.PathOptions> = {
  street: { color: '#0052d9', weight: 2.5, fillColor: '#f2f3ff', fillOpacity: 1 },
  community: { color: '#8b8b8b', weight: 1.2, dashArray: '5 4', fill: false },
  cell: { color: '#c6c6c6', weight: 1, fill: false },
}
const ORDER = ['street', 'community', 'cell']
/** Names of small areas appear when there is room for them. */
const NAMES_FROM: Record<string, number> = { street: 0, community: 13.5, cell: 15.5 }
const NAMES_TO: Record<string, number> = { street: 13.5, community: 15.5, cell: 99 }

/** Marks closer than this, in pixels, are drawn as one with their number. */
const APART = 36

const at = ({ latitude, longitude }: Point): L.LatLngTuple => [latitude, longitude]
const boundsOf = ([west, south, east, north]: Box): L.LatLngBoundsExpression => [[south, west], [north, east]]
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** A map of the district's own shapes; it asks no server, unless a tile address is set. */
export class LeafletMap {
  private readonly map: L.Map
  private readonly shapes = L.layerGroup()
  private readonly names = L.layerGroup()
  private readonly marks = L.layerGroup()
  private readonly way = L.layerGroup()
  private areas: Areas | null = null
  private whole: Box | null = null
  private quiet = false
  private all: MapMark[] = []

  constructor(element: HTMLElement, tiles: string, private readonly listeners: Listeners) {
    this.map = L.map(element, { zoomControl: false, attributionControl: false, minZoom: 9, maxZoom: 19, zoomSnap: 0.5 })
    this.map.setView([0, 0], 12)
    if (tiles) L.tileLayer(tiles).addTo(this.map)
    for (const layer of [this.shapes, this.names, this.way, this.marks]) layer.addTo(this.map)
    this.map.on('moveend', () => {
      const bounds = this.map.getBounds()
      const { lat, lng } = this.map.getCenter()
      const box: Box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]
      listeners.rest({ latitude: lat, longitude: lng }, box, !this.quiet)
    })
    this.map.on('zoomend', () => {
      this.drawNames()
      this.drawMarks()
    })
  }

  /** A tap that hits no mark puts the middle of the map there. */
  followTaps(): void {
    this.map.on('click', ({ latlng }) => this.map.panTo(latlng))
  }

  setAreas(areas: Areas): void {
    this.areas = areas
    this.whole = boxOf(cornersOf(areas))
    this.shapes.clearLayers()
    const sorted = [...areas.features].sort(
      (one, other) => ORDER.indexOf(one.properties.kind) - ORDER.indexOf(other.properties.kind),
    )
    for (const feature of sorted) {
      L.geoJSON(feature as never, { style: STYLES[feature.properties.kind] ?? STYLES.cell, interactive: false }).addTo(this.shapes)
    }
    this.drawNames()
  }

  private drawNames(): void {
    this.names.clearLayers()
    const zoom = this.map.getZoom()
    for (const feature of this.areas?.features ?? []) {
      const { kind, name } = feature.properties
      if (zoom < (NAMES_FROM[kind] ?? 15.5) || zoom >= (NAMES_TO[kind] ?? 99)) continue
      const middle = L.geoJSON(feature as never).getBounds().getCenter()
      const icon = L.divIcon({ className: `hy-map-name ${kind}`, html: `<span>${escaped(name)}</span>`, iconSize: [0, 0] })
      L.marker(middle, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(this.names)
    }
  }

  setMarks(marks: MapMark[]): void {
    this.all = marks
    this.drawMarks()
  }

  private drawMarks(): void {
    this.marks.clearLayers()
    for (const group of groups(this.all, (mark) => this.map.project(at(mark)), APART)) {
      if (group.length === 1) this.drawMark(group[0], group[0].label, group[0].kind, '', () => this.listeners.pick(group[0].id))
      else this.drawMark(group[0], `${group.length} 件事，点开放大`, group[0].kind, String(group.length), () => this.open(group))
    }
  }

  private drawMark(point: Point, label: string, kind: string, count: string, pressed: () => void): void {
    const look = count ? `<b>${count}</b>` : '<i></i>'
    const icon = L.divIcon({ className: `hy-map-mark ${kind}`, html: look, iconSize: [44, 44], iconAnchor: count ? [22, 22] : [22, 40] })
    const marker = L.marker(at(point), { icon, title: label, riseOnHover: true })
    marker.on('click', pressed).addTo(this.marks)
    marker.getElement()?.setAttribute('aria-label', label)
  }

  /** Goes closer until they stand apart; those at one spot are told of one by one. */
  private open(group: MapMark[]): void {
    const [west, south, east, north] = boxOf(group) as Box
    const one = east - west < 1e-5 && north - south < 1e-5
    if (one || this.map.getZoom() >= this.map.getMaxZoom()) this.listeners.pick(group[0].id)
    else this.quietly(() => this.map.fitBounds(boundsOf([west, south, east, north]), { padding: [48, 48], animate: false }))
  }

  setWay(points: Point[]): void {
    this.way.clearLayers()
    if (points.length > 1) L.polyline(points.map(at), { color: '#0052d9', weight: 5, opacity: 0.85, interactive: false }).addTo(this.way)
  }

  /** Moves that are not animated end before `move` returns. */
  private quietly(move: () => void): void {
    this.quiet = true
    move()
    this.quiet = false
  }

  /** Shows a point closely, or a way, or the whole district, or without its areas the marks. */
  show(centre: Point | null, way: Point[], marks: Point[], zoom: number): void {
    const box = boxOf(way) ?? this.whole ?? boxOf(marks)
    this.quietly(() => {
      if (centre) this.map.setView(at(centre), zoom, { animate: false })
      else if (box) this.map.fitBounds(boundsOf(box), { padding: [24, 24], maxZoom: 17, animate: false })
    })
  }

  zoom(by: number): void {
    this.quietly(() => this.map.setZoom(this.map.getZoom() + by, { animate: false }))
  }

  /** The box of the page has changed its size. */
  measure(): void {
    this.quietly(() => this.map.invalidateSize({ animate: false }))
  }

  remove(): void {
    this.map.remove()
  }
}
