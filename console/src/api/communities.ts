import { client, type SendOptions } from './client'
import type { components } from './schema'
import type { Page } from './types'

/** Calls about the register of a community: homes, owners, and what people bring in. */
type Schemas = components['schemas']
export type Community = Schemas['StaffCommunity']
export type Place = Schemas['StaffPlace']
export type Building = Schemas['HousingBuilding']
export type RoomRow = Schemas['RegisterRoom']
export type Room = Schemas['RegisterRoomDetail']
export type Owner = Schemas['RegisterOwner']
export type Claim = Schemas['HomeClaim']
export type Transfer = Schemas['RegisterTransfer']
export type Proxy = Schemas['RegisterProxy']
export type RegisterReport = Schemas['ImportReport']
export type OwnerField = 'name' | 'phone' | 'id_number'

/** What the server gave together with the tag that an edit of it must name. */
export interface Tagged<T> {
  data: T
  etag: string | null
}
const matching = (etag: string | null): SendOptions => (etag ? { headers: { 'If-Match': etag } } : {})

export const communities = () => client.get<Page<Community>>('/staff/communities')
export const place = (id: string) => client.read<Place>(`/staff/communities/${id}`)

export interface PlaceChange {
  name: string
  address: string
  room_count_declared: number
  area_declared_centi: number | null
}
export const createPlace = (body: Schemas['NewCommunity']) => client.send<Place>('POST', '/staff/communities', body)
export const changePlace = (id: string, body: PlaceChange, etag: string | null) =>
  client.send<Place>('PUT', `/staff/communities/${id}`, body, matching(etag))

/** A building's tag is made of its id's end and its version. */
export const buildingTag = (building: Pick<Building, 'id' | 'version'>) =>
  `"${building.id.replaceAll('-', '').slice(-12)}-${building.version}"`
export const changeBuilding = (building: Building, body: { storeys: number; has_lift: boolean }) =>
  client.send<Building>('PUT', `/staff/buildings/${building.id}`, body, matching(buildingTag(building)))

export const roomPage = (id: string, filter: { q: string; building: string }, cursor: string | null) =>
  client.get<Page<RoomRow>>(`/staff/communities/${id}/rooms`, { ...filter, cursor, limit: 100 })
export const room = (id: string) => client.read<Room>(`/staff/rooms/${id}`)

export type RoomChange = Pick<Room, 'storey' | 'area_centi' | 'use' | 'in_roll' | 'active'>
export const changeRoom = (id: string, body: RoomChange, etag: string | null) =>
  client.send<Room>('PUT', `/staff/rooms/${id}`, body, matching(etag))

export const revealOwner = (id: string, field: OwnerField, purpose: string) =>
  client.send<{ value: string }>('POST', `/staff/owners/${id}/reveals`, { field, purpose })
export const revealClaimant = (id: string, field: 'name' | 'phone', purpose: string) =>
  client.send<{ value: string }>('POST', `/staff/home-claims/${id}/reveals`, { field, purpose })

type PaperFilter = { state: string; community: string }
const papers =
  <T>(path: string) =>
  (filter: PaperFilter, cursor: string | null) =>
    client.get<Page<T>>(path, { ...filter, cursor, limit: 50 })
export const claimPage = papers<Claim>('/staff/home-claims')
export const transferPage = papers<Transfer>('/staff/home-transfers')
export const proxyPage = papers<Proxy>('/staff/proxies')

export type PaperPath = 'home-claims' | 'home-transfers' | 'proxies'
export type PaperStep = 'confirmations' | 'refusals' | 'endings'
/** `version` is the one that was looked at: what changed meanwhile is not decided blindly. */
export const decidePaper = (path: PaperPath, id: string, step: PaperStep, version: number, reason?: string) =>
  client.send('POST', `/staff/${path}/${id}/${step}`, reason === undefined ? { version } : { version, reason })

export type NewOwner = Schemas['NewOwner']
export const recordTransfer = (
  roomId: string,
  body: { owners: Partial<NewOwner>[]; words: string; file_ids: string[] },
) => client.send<Transfer>('POST', `/staff/rooms/${roomId}/transfers`, body)
export interface PaperProxy {
  room_id: string
  holder_name: string
  holder_phone: string
  until: string
  file_ids: string[]
}
export const recordProxy = (body: PaperProxy) => client.send<Proxy>('POST', '/staff/proxies', body)

export function uploadPaper(file: File): Promise<{ id: string; url: string }> {
  const form = new FormData()
  form.set('file', file)
  return client.upload('/staff/home-files', form)
}

export function importRegister(id: string, file: File, dryRun: boolean): Promise<RegisterReport> {
  const form = new FormData()
  form.set('file', file)
  form.set('dry_run', String(dryRun))
  return client.upload(`/staff/communities/${id}/imports`, form)
}
