import * as L from 'leaflet'
import type { Position, Ring } from './geo'

/** An outline on the map that can be changed by hand: drag a point, pull a new one out of an edge. */
export class OutlineEditor {
  private readonly group = L.layerGroup()
  private shape: L.Polygon | null = null
  private ring: Ring = []

  constructor(
    private readonly map: L.Map,
    /** Corners of the neighbours: a point let go near one takes its place exactly. */
    private readonly corners: () => Position[],
    private readonly changed: (ring: Ring) => void,
  ) {
    this.group.addTo(map)
  }

  show(ring: Ring, chosen: number | null): void {
    this.ring = ring.map((point) => [...point])
    this.group.clearLayers()
    this.shape = L.polygon(this.latLngs(), {
      color: '#0052d9',
      weight: 2.5,
      fillColor: '#dbe6ff',
      fillOpacity: 0.35,
      interactive: false,
    }).addTo(this.group)
    for (const [at, point] of this.ring.entries()) {
      this.handle(point, at === chosen ? 'vertex chosen' : 'vertex', `第 ${at + 1} 个点，双击去掉`, at)
      const next = this.ring[(at + 1) % this.ring.length] ?? point
      this.handle(
        [(point[0] + next[0]) / 2, (point[1] + next[1]) / 2],
        'vertex between',
        '拖出一个新的点',
        at + 1,
        true,
      )
    }
  }

  remove(): void {
    this.group.remove()
  }

  private latLngs(): L.LatLngTuple[] {
    return this.ring.map(([longitude, latitude]) => [latitude, longitude])
  }

  private handle(point: Position, look: string, title: string, at: number, fresh = false): void {
    const size = fresh ? 10 : 14
    const icon = L.divIcon({ className: look, iconSize: [size, size] })
    const marker = L.marker([point[1], point[0]], { icon, title, draggable: true, keyboard: false })
    let placed = !fresh
    marker.on('drag', () => {
      const { lat, lng } = marker.getLatLng()
      if (placed) this.ring[at] = [lng, lat]
      else this.ring.splice(at, 0, [lng, lat])
      placed = true
      this.shape?.setLatLngs(this.latLngs())
    })
    marker.on('dragend', () => {
      if (placed) this.ring[at] = this.snapped(this.ring[at] ?? point)
      this.changed(this.ring)
    })
    if (!fresh)
      marker.on('dblclick', () => {
        if (this.ring.length > 3) this.changed(this.ring.filter((_, index) => index !== at))
      })
    marker.addTo(this.group)
  }

  private snapped(point: Position): Position {
    const here = this.map.latLngToContainerPoint([point[1], point[0]])
    let best = point
    let nearest = 10
    for (const corner of this.corners()) {
      const distance = here.distanceTo(this.map.latLngToContainerPoint([corner[1], corner[0]]))
      if (distance < nearest) [best, nearest] = [corner, distance]
    }
    return [best[0], best[1]].map((value) => Math.round(value * 1e7) / 1e7) as Position
  }
}
