import type { AreaCollection, AreaGeometry } from '@/lib/geo'
import { client } from './client'
import type { Page } from './types'

/** Calls about the grid: areas on the map, who has which duty, who is on duty now. */

export type AreaKind = 'street' | 'community' | 'cell'

/** The district's areas for drawing; kept with its ETag, as it seldom changes. */
export const publicAreas = async (kind?: AreaKind): Promise<AreaCollection> =>
  (await client.poll<AreaCollection>('/public/areas', { kind, system: 'wgs84' })).data

export interface Area {
  id: string
  kind: AreaKind
  code: string
  name: string
  parent_id: string | null
  street_id: string | null
  aliases: string[]
  geometry: AreaGeometry
  version: number
  active: boolean
}
export const area = (id: string) => client.read<Area>(`/staff/areas/${id}`)

export interface AreaChange {
  name: string
  aliases: string[]
  geometry: AreaGeometry
}
export function saveArea(id: string, body: AreaChange, etag: string): Promise<Area> {
  return client.send('PUT', `/staff/areas/${id}`, body, { headers: { 'If-Match': etag } })
}
