import { client } from './client'
import type {
  Department,
  Hall,
  ItemContent,
  ItemRow,
  ItemVersion,
  ItemVersionDetail,
  NewItem,
  Page,
  StaffItem,
} from './types'

/** Calls about the catalogue as its editors see it. */

export interface ItemQuery {
  q?: string
  state?: string
  cursor?: string | null
}

export const itemPage = (query: ItemQuery) =>
  client.get<Page<ItemRow>>('/staff/items', { ...query, limit: 50 })

export const item = (id: string) => client.get<StaffItem>(`/staff/items/${id}`)

export const createItem = (body: NewItem) => client.send<StaffItem>('POST', '/staff/items', body)

/** `etag` names the version the edits were made on; an older one is refused (412). */
export function saveDraft(id: string, content: ItemContent, etag: string): Promise<StaffItem> {
  return client.send('PUT', `/staff/items/${id}/draft`, { content }, { headers: { 'If-Match': `"${etag}"` } })
}

export const publish = (id: string) => client.send<StaffItem>('POST', `/staff/items/${id}/publications`, {})

export const versions = (id: string) => client.get<Page<ItemVersion>>(`/staff/items/${id}/versions`)

export const version = (id: string, number: number) =>
  client.get<ItemVersionDetail>(`/staff/items/${id}/versions/${number}`)

export const halls = () => client.get<Page<Hall>>('/halls')

export const departments = () => client.get<Page<Department>>('/departments')
