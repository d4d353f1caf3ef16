/** What the API says, as in its OpenAPI page. Times are ISO 8601 with +08:00. */

export interface Page<T> {
  items: T[]
  next_cursor?: string | null
}

export interface SubscribeTemplate {
  key: string
  template_id: string
  title: string
}

export interface Config {
  district: { code: string; name: string; city: string }
  demo: boolean
  hotline: string
  privacy_version: string
  subscribe_templates: SubscribeTemplate[]
  hot_words: string[]
  sign_in: { wechat: boolean; sms: boolean; demo: boolean }
  /** Pages beside the app that only the demo has. */
  demo_links?: { title: string; url: string }[]
}

export interface Me {
  id: string
  name: string | null
  name_masked: string | null
  phone_masked: string | null
  id_number_masked: string | null
  verified: boolean
  has_wechat: boolean
  consent_version: string | null
  elder_mode: boolean
  channel: string
}

export interface Session {
  person: Me | null
  csrf_token: string | null
}

export interface SignedIn {
  person: Me
  csrf_token: string | null
  token: string | null
}

export interface DemoPerson {
  key: string
  name: string
  note: string
}

export interface SmsSent {
  expires_in: number
  resend_in: number
}

export interface PrivacyPolicy {
  version: string
  effective_from: string
  title: string
  sections: { heading: string; paragraphs: string[] }[]
}

export interface ItemCard {
  id: string
  code: string
  name: string
  department_name: string
  level: string
  level_text: string
  case_type: string
  case_type_text: string
  promise_text: string
  visits: number
  bookable: boolean
  summary: string
}

export interface ItemPage extends Page<ItemCard> {
  /** Says how a search was relaxed when nothing matched exactly. */
  note?: string | null
}

export interface Suggestion {
  id: string
  name: string
  hint: string
}

export interface Material {
  name: string
  form_text: string
  count: number
  necessity: 'required' | 'deferrable' | 'conditional'
  necessity_text: string
  source: string
  replaced_by_licence: string | null
  legal_basis: string
  note: string
}

export interface Step {
  key: string
  name: string
  actor: string
  limit_text: string
  description: string
  next: string[]
}

export interface Place {
  hall_id: string
  hall_name: string
  address: string
  floor: string
  windows_text: string
  opening_hours: string[]
  phone: string
}

export interface Item extends ItemCard {
  implementation_code: string
  business_code: string
  version: number
  aliases: string[]
  item_class: string
  item_class_text: string
  legal_limit_text: string
  promise_limit_text: string
  conditions: string[]
  materials: Material[]
  steps: Step[]
  special_procedures: string[]
  fees: { name: string; amount_text: string; basis: string }[]
  visits_reason: string
  online_depth: number
  online_depth_text: string
  places: Place[]
  consult_phone: string
  complaint_phone: string
  courier: boolean
  scope_text: string
  result_type_text: string
  result_name: string
  remedies: string | string[]
  legal_basis: string[]
  audience_text: string
  themes: { code: string; name: string }[]
  published_at: string
}

export interface Group {
  code: string
  name: string
  count: number
}

export interface LifeEvent extends Group {
  summary: string
}

export interface LifeEventDetail {
  code: string
  name: string
  summary: string
  steps: { order: number; item: ItemCard; after: number[]; note: string }[]
}

export interface Hall {
  id: string
  code: string
  name: string
  address: string
  floor: string
  phone: string
  opening_hours: string[]
  latitude: number | null
  longitude: number | null
  waiting_count: number
  wait_minutes: number | null
}

export interface Day {
  date: string
  weekday_text: string
  status: 'open' | 'full' | 'closed' | 'not_released'
  status_text: string
  remaining: number
}

export interface Slot {
  id: string
  start: string
  end: string
  remaining: number
  status: 'open' | 'full' | 'past'
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

export interface TimelineEntry {
  at: string
  action: string
  text: string
  actor_text: string
}

export interface Queue {
  ticket_no: string
  ahead: number
  wait_minutes: number | null
  window_number: number | string | null
  called_at: string | null
}

export interface Appointment {
  id: string
  receipt_number: string
  query_code: string
  state: AppointmentState
  state_text: string
  next_text: string
  item: { id: string; name: string }
  hall: { id: string; name: string; address: string; floor: string }
  start: string
  end: string
  can_cancel: boolean
  cancel_deadline: string | null
  check_in_code: string
  qr_image: string
  qr_token: string
  materials: string[]
  queue: Queue | null
  can_rate: boolean
  rating: { score: number; comment: string } | null
  timeline: TimelineEntry[]
  etag: string
}

export interface HallScreen {
  hall_name: string
  calling: { ticket_no: string; window_number: number | string; called_at: string; speech: string }[]
  waiting: string[]
  waiting_count: number
  wait_minutes: number | null
  as_of: string
}

export interface Matter {
  receipt_number: string
  kind: string
  kind_text: string
  title: string
  state_text: string
  next_text: string
  open: boolean
  updated_at: string
  subject_id?: string | null
  timeline?: TimelineEntry[]
}

export interface Message {
  id: string
  kind: string
  title: string
  body: string
  created_at: string
  read_at: string | null
  link: string | null
}

export interface Inbox extends Page<Message> {
  unread: number
}

export type SubscribeResult = 'accept' | 'reject' | 'ban'

export interface NotificationGrant {
  template_id: string
  title: string
  remaining: number
  long_term: boolean
}

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  action: string
  errors?: Record<string, string[]>
  request_id?: string
}
