import { client } from './client'
import type { components } from './schema'

/** Calls about how a hall's queue is run. */

type Schemas = components['schemas']
export type QueueRules = Schemas['QueueRules']

export const queueRules = (hallId: string) => client.get<QueueRules>(`/staff/halls/${hallId}/queue-rules`)
export const saveQueueRules = (hallId: string, rules: QueueRules) =>
  client.send<QueueRules>('PUT', `/staff/halls/${hallId}/queue-rules`, rules)
