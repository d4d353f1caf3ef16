import { client } from './client'
import type { components } from './schema'
import type { Page } from './types'

/** Calls about what a district sets for its events: categories, limits, keys of other programs. */

type Schemas = components['schemas']
export type EventCategory = Schemas['EventCategory']
export type ShownClockRules = Schemas['ShownClockRules']
export type Unit = EventCategory['dispose_unit']
/** A limit as it is sent: what is left open says so. */
export interface ClockRule {
  kind: ClockKind
  category_code: string | null
  urgency: EventCategory['urgency'] | null
  amount: number
  unit: Unit
}
/** `hint` is how the key begins. */
export type ApiKey = Schemas['Key']

export const UNITS: Record<Unit, string> = { minutes: '分钟', hours: '小时', working_days: '个工作日' }

export type CategoryChange = Omit<EventCategory, 'code' | 'etag'>
export const allCategories = () => client.get<Page<EventCategory>>('/staff/event-categories')
export const saveCategory = (code: string, body: CategoryChange, etag: string | null) =>
  client.send<EventCategory>(
    'PUT',
    `/staff/event-categories/${code}`,
    body,
    // A category that is not there yet is made with the tag "new".
    { headers: { 'If-Match': quoted(etag ?? 'new') } },
  )

export const CLOCK_KINDS = {
  claim: '认领',
  accept: '接单',
  contact: '联系来电人',
  dispose: '处置',
  verify: '核查',
  subtask: '协办',
  sign: '部门签收',
  dept_contact: '部门联系',
  arrive: '部门到场',
  supervise: '督办答复',
} as const
export type ClockKind = keyof typeof CLOCK_KINDS

export const clockRules = () => client.get<ShownClockRules>('/staff/clock-rules')
export const saveClockRules = (items: ClockRule[], etag: string) =>
  client.send<ShownClockRules>('PUT', '/staff/clock-rules', { items }, { headers: { 'If-Match': quoted(etag) } })
const quoted = (etag: string) => (etag.includes('"') ? etag : `"${etag}"`)

export const apiKeys = () => client.get<Page<ApiKey>>('/staff/api-keys')
/** The secret is told once and not replayed, so this is sent only once. */
export const issueKey = (name: string) =>
  client.send<ApiKey & { key: string }>('POST', '/staff/api-keys', { name }, { retries: 0 })
export const revokeKey = (id: string) => client.send<ApiKey>('POST', `/staff/api-keys/${id}/revocations`, {})
