import { client } from './client'
import type { components } from './schema'

/** Calls about the limits of delivery: how many messages a person gets, how fast a channel is used. */

export type ShownLimits = components['schemas']['ShownMessageLimits']
export interface Cap {
  scope: string
  per_day: number
}
export interface Rate {
  key: string
  per_second: number
  burst: number
  per_day: number | null
}

export const messageLimits = () => client.get<ShownLimits>('/staff/message-limits')
export const saveMessageLimits = (caps: Cap[], rates: Rate[], etag: string) =>
  client.send<ShownLimits>('PUT', '/staff/message-limits', { caps, rates }, { headers: { 'If-Match': `"${etag}"` } })
