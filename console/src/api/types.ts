/** The shapes of the API that the console uses; times are ISO 8601 with offset. */

export type Uuid = string
export type Moment = string

export interface Page<T> {
  items: T[]
  next_cursor?: string | null
}

export interface ProblemBody {
  type?: string
  title: string
  status: number
  detail?: string
  code: string
  action?: string
  errors?: Record<string, unknown>
  request_id?: string
}

export interface Config {
  district: { code: string; name: string; city: string }
  demo: boolean
  hotline: string
}

export type Permission =
  | 'queue.operate'
  | 'appointments.view'
  | 'personal.reveal'
  | 'schedules.edit'
  | 'windows.edit'
  | 'staff.view'
  | 'items.view'
  | 'items.edit'
  | 'items.publish'
  | 'accounts.edit'
  | 'messages.view'
  | 'audit.view'

export interface RoleGrant {
  role: string
  role_text: string
  scope_kind: ScopeKind
  scope_id: Uuid | null
  scope_text: string
}

export type ScopeKind = 'hall' | 'department' | 'street' | 'district'

export interface Staff {
  id: Uuid
  username: string
  name: string
  /** `enrolling` until a second factor is proved; no permissions before that. */
  state: 'enrolling' | 'active'
  must_change_password: boolean
  roles: RoleGrant[]
  permissions: Permission[]
  halls: Place[]
}

export interface Place {
  id: Uuid
  name: string
}

export interface Enrolment {
  secret: string
  uri: string
  qr_image: string
}

export interface StaffSession {
  staff: Staff | null
  csrf_token: string | null
}

export interface DemoStaff {
  username: string
  name: string
  role_text: string
  password: string
  totp: string
}

export type AppointmentState =
  | 'booked'
  | 'checked_in'
  | 'called'
  | 'skipped'
  | 'serving'
  | 'finished'
  | 'cancelled'
  | 'no_show'

export interface StaffAppointment {
  id: Uuid
  ticket_no: string | null
  person_name: string
  phone_masked: string | null
  item_name: string
  group_name: string
  start: Moment
  end: Moment
  state: AppointmentState
  state_text: string
  checked_in_at: Moment | null
  called_at: Moment | null
  /** How long the person has waited, or did; not an estimate. */
  wait_minutes: number | null
  window_number: string | number | null
  version: number
}

export interface TimelineEntry {
  at: Moment
  action: string
  text: string
  actor_text: string
}

export interface StaffAppointmentDetail extends StaffAppointment {
  receipt_number: string
  timeline: TimelineEntry[]
}

export type WindowStatus = 'open' | 'paused' | 'closed'

export interface BoardWindow {
  id: Uuid
  number: string | number
  name: string
  status: WindowStatus
  status_text: string
  groups: string[]
  current: StaffAppointment | null
}

export interface BoardStats {
  booked: number
  waiting: number
  serving: number
  finished: number
  no_show: number
  cancelled: number
  avg_wait_minutes: number | null
  avg_service_minutes: number | null
}

export interface Board {
  hall: { id: Uuid; name: string }
  date: string
  as_of: Moment
  stats: BoardStats
  windows: BoardWindow[]
  waiting: StaffAppointment[]
  appointments: StaffAppointment[]
}

export interface Screen {
  hall_name: string
  calling: { ticket_no: string; window_number: string | number; called_at: Moment; speech: string }[]
  waiting: string[]
  waiting_count: number
  wait_minutes: number | null
  as_of: Moment
}

export interface ScheduleRule {
  group: string
  weekday: number
  start: string
  end: string
  slot_minutes: number
  capacity: number
  channel: string
}

export interface ItemGroup {
  code: string
  name: string
}

export interface DayOverride {
  date: string
  open: boolean
  note: string
}

export interface Schedule {
  items: ScheduleRule[]
  groups: ItemGroup[]
  overrides: DayOverride[]
}

export interface Slot {
  id: Uuid
  group: string
  group_name: string
  channel: string
  channel_text: string
  start: Moment
  end: Moment
  capacity: number
  booked: number
  closed: boolean
}

export interface ItemRow {
  id: Uuid
  implementation_code: string
  base_code: string
  business_code: string
  department_id: Uuid
  department_name: string
  name: string
  state: string
  state_text: string
  live_version: number | null
  draft_version: number | null
  saved_at: Moment
  published_at: Moment | null
  can_edit: boolean
  etag: string
}

export type ItemContent = Record<string, unknown>

export interface StaffItem extends ItemRow {
  live: ItemContent | null
  draft: ItemContent | null
  problems: { field: string; code: string; text: string }[]
}

export interface ItemVersion {
  number: number
  name: string
  state: string
  state_text: string
  saved_at: Moment
  published_at: Moment | null
  published_by: string
}

export interface Account {
  id: Uuid
  username: string
  name: string
  state: 'enrolling' | 'active' | 'disabled'
  state_text: string
  must_change_password: boolean
  locked_until: Moment | null
  created_at: Moment
  signed_in_at: Moment | null
  roles: RoleGrant[]
}

export interface RoleInfo {
  role: string
  role_text: string
  permissions: Permission[]
  scopes: { scope_kind: ScopeKind; scope_kind_text: string; places: Place[] }[]
}

export interface RoleChoice {
  role: string
  scope_kind: ScopeKind
  scope_id: Uuid | null
}

export interface MessageRow {
  id: Uuid
  kind: string
  kind_text: string
  channel: string
  channel_text: string
  state: string
  state_text: string
  person_name: string
  title: string
  created_at: Moment
  attempts: number
  last_error: string
}

export interface DeliveryAttempt {
  channel: string
  channel_text: string
  number: number
  started_at: Moment
  finished_at: Moment | null
  outcome_text: string
  error: string
}

export interface MessageDetail extends MessageRow {
  body: string
  ladder_texts: string[]
  not_before: Moment
  expires_at: Moment
  next_at: Moment | null
  payload: Record<string, unknown>
  attempt_list: DeliveryAttempt[]
  receipts: { at: Moment; ok: boolean; text: string }[]
}

export interface RevealRow {
  at: Moment
  staff_name: string
  subject: string
  field_text: string
  purpose: string
}
