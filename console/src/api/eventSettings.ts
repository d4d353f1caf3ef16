import { client } from './client'
import type { Urgency } from './events'
import type { Page } from './types'

/** Calls about what a district sets for its events: categories, limits, keys of other programs. */

export type Unit = 'minutes' | 'hours' | 'working_days'
export const UNITS: Record<Unit, string> = { minutes: '分钟', hours: '小时', working_days: '个工作日' }

export interface EventCategory {
  code: string
  parent_code: string | null
  name: string
  hint: string
  icon: string
  urgency: Urgency
  dispose_amount: number
  dispose_unit: Unit
  before_photo: boolean
  after_photo: boolean
  department_code: string | null
  keywords: string[]
  public: boolean
  active: boolean
  position: number
  etag: string
}
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

export interface ClockRule {
  kind: ClockKind
  category_code: string | null
  urgency: Urgency | null
  amount: number
  unit: Unit
}
export interface ShownClockRules {
  items: (ClockRule & { kind_text: string })[]
  defaults: { kind: ClockKind; kind_text: string; urgency: Urgency | null; amount: number; unit: Unit }[]
  etag: string
}
export const clockRules = () => client.get<ShownClockRules>('/staff/clock-rules')
export const saveClockRules = (items: ClockRule[], etag: string) =>
  client.send<ShownClockRules>('PUT', '/staff/clock-rules', { items }, { headers: { 'If-Match': quoted(etag) } })
const quoted = (etag: string) => (etag.includes('"') ? etag : `"${etag}"`)

export interface ApiKey {
  id: string
  name: string
  /** How the key begins. */
  hint: string
  created_at: string
  used_at: string | null
  revoked_at: string | null
}
export const apiKeys = () => client.get<Page<ApiKey>>('/staff/api-keys')
/** The secret is told once and not replayed, so this is sent only once. */
export const issueKey = (name: string) =>
  client.send<ApiKey & { key: string }>('POST', '/staff/api-keys', { name }, { retries: 0 })
export const revokeKey = (id: string) => client.send<ApiKey>('POST', `/staff/api-keys/${id}/revocations`, {})
