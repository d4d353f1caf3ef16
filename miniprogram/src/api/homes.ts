import { request } from './http'
import type { Photo } from './events'
import type { Page } from './types'

export type Relation = 'owner' | 'family' | 'tenant'

/** An estate or a village. */
export interface HousingCommunity {
  id: string
  name: string
  kind: 'estate' | 'village'
  kind_text: string
  address: string
  area_name: string
}

export interface HousingPlace extends HousingCommunity {
  buildings: { id: string; name: string; storeys: number; has_lift: boolean; entrances: { id: string; name: string }[] }[]
}

export interface RoomLabel {
  id: string
  label: string
  use_text: string
}

/** One's own home, or the claim to one. */
export interface Home {
  id: string
  community: HousingCommunity
  room_id: string
  label: string
  area_text: string
  use_text: string
  relation: Relation
  relation_text: string
  state: 'claimed' | 'confirmed' | 'refused' | 'ended' | 'moved'
  state_text: string
  next_text: string
  reason: string
  words: string
  claimed_at: string
  /** Whether the register names the person among its owners; null for those who claim no ownership. */
  owner_matched: boolean | null
  transfer: { id: string; label: string; state_text: string; owners_count: number; requested_at: string; can: 'withdraw'[] } | null
  files: Photo[]
  can: ('leave' | 'transfer' | 'proxy')[]
}

export interface Claim {
  room_id: string
  relation: Relation
  words: string
  file_ids: string[]
}

export interface TransferRequest {
  owners: { kind: 'person' | 'company'; name: string; id_number: string; phone: string }[]
  with_me: boolean
  words: string
  file_ids: string[]
}

export interface Proxy {
  id: string
  community_id: string
  community_name: string
  direction: 'given' | 'held'
  paper: boolean
  as_text: string
  holder_name: string
  scope_text: string
  topic_id: string | null
  until: string | null
  state: 'given' | 'confirmed' | 'refused' | 'revoked' | 'expired'
  state_text: string
  reason: string
  given_at: string
  /** Pictures of the written proxy. */
  files: Photo[]
  can: 'revoke'[]
}

export interface NewProxy {
  home_id: string
  as: 'owner' | 'person'
  holder_name: string
  holder_phone: string
  /** For one topic, or until a day (2026-12-31): one of the two. */
  topic_id: string | null
  until: string | null
  file_ids: string[]
}

export const homes = {
  communities: (q: string) => request<Page<HousingCommunity>>('GET', '/communities', { query: { q }, retries: 0 }),
  community: (id: string) => request<HousingPlace>('GET', `/communities/${id}`),
  rooms: (community: string, entrance_id: string) =>
    request<Page<RoomLabel>>('GET', `/communities/${community}/rooms`, { query: { entrance_id } }),
  mine: () => request<Page<Home>>('GET', '/homes'),
  claim: (body: Claim, key: string) => request<Home>('POST', '/homes', { body: { ...body }, key }),
  leave: (id: string, key: string) => request<unknown>('DELETE', `/homes/${id}`, { key }),
  transfer: (id: string, body: TransferRequest, key: string) => request<unknown>('POST', `/homes/${id}/transfers`, { body: { ...body }, key }),
  takeBack: (transfer: string, key: string) => request<unknown>('DELETE', `/home-transfers/${transfer}`, { key }),
}

export const proxies = {
  mine: () => request<Page<Proxy>>('GET', '/proxies'),
  give: (body: NewProxy, key: string) => request<Proxy>('POST', '/proxies', { body: { ...body }, key }),
  revoke: (id: string, key: string) => request<unknown>('DELETE', `/proxies/${id}`, { key }),
}
