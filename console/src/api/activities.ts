import { client } from './client'
import type { components } from './schema'
import type { Page } from './types'

/** Calls about community life: activities, report-ins, wishes, help, shared places. */
type Schemas = components['schemas']
export type Area = Schemas['CommunityName']
export type ActivityCard = Schemas['StaffActivityCard']
export type Activity = Schemas['StaffActivity']
export type Signup = Schemas['StaffSignup']
export type Code = Schemas['CheckInCode']
export type Report = Schemas['StaffPartyReport']
export type Post = Schemas['StaffPost']
export type Care = Schemas['StaffCare']
export type Resource = Schemas['StaffResource']
export type WeekRow = Schemas['ResourceWeekRow']
export type Booking = Schemas['StaffBooking']

export const KINDS: Record<Activity['kind'], string> = {
  volunteer: '志愿服务',
  party: '党员活动',
  lecture: '讲座',
  legal_advice: '法律咨询',
  help: '便民服务',
  culture: '文体活动',
}
export const AUDIENCES: Record<Activity['audience'], string> = {
  everybody: '居民都可以报名',
  members: '本社区居民',
  party: '报到党员',
}
export const CHECK_INS: Record<Activity['check_in'], string> = {
  code: '扫现场二维码',
  place: '到场定位',
  either: '扫码或定位',
  both: '扫码并定位',
}

export interface ActivityBody {
  area_id: string
  kind: Activity['kind']
  title: string
  words: string
  place: string
  contact: string
  latitude: number | null
  longitude: number | null
  radius_m: number
  starts_at: string
  ends_at: string
  sign_up_from: string
  sign_up_until: string
  places: number
  most_waiting: number
  audience: Activity['audience']
  check_in: Activity['check_in']
}

const base = '/staff/activities'
export const areas = () => client.get<{ items: Area[] }>('/staff/neighbourhood/areas')
export const activities = (state: string, cursor: string | null) =>
  client.get<Page<ActivityCard>>(base, { state: state || undefined, cursor: cursor ?? undefined })
export const activity = (id: string) => client.read<Activity>(`${base}/${id}`)
export const createActivity = (body: ActivityBody) => client.send<Activity>('POST', base, body)
export const editActivity = (id: string, body: ActivityBody, version: number) =>
  client.send<Activity>('PUT', `${base}/${id}`, body, { headers: { 'If-Match': `"${version}"` } })
export type Step = 'publications' | 'cancellations' | 'endings' | 'settlements'
export const stepActivity = (id: string, step: Step, reason = '') =>
  client.send<Activity>('POST', `${base}/${id}/${step}`, step === 'cancellations' ? { reason } : {})
export const signups = (id: string) => client.get<{ items: Signup[] }>(`${base}/${id}/signups`)
export const attend = (id: string, signup_id: string, attended: boolean, minutes: number | null) =>
  client.send<{ items: Signup[] }>('POST', `${base}/${id}/attendances`, { signup_id, attended, minutes })
export const checkInCode = (id: string) => client.get<Code>(`${base}/${id}/check-in-code`)
export const revealSignup = (id: string, field: 'name' | 'phone', purpose: string) =>
  client.send<{ value: string }>('POST', `/staff/activity-signups/${id}/reveals`, { field, purpose })

export const reports = (cursor: string | null) =>
  client.get<Page<Report>>('/staff/party-reports', { cursor: cursor ?? undefined })
export const decideReport = (id: string, confirmed: boolean, reason: string) =>
  client.send<Report>('POST', `/staff/party-reports/${id}/decisions`, { confirmed, reason })
export const endReport = (id: string) => client.send<Report>('POST', `/staff/party-reports/${id}/endings`, {})
export const posts = (cursor: string | null) =>
  client.get<Page<Post>>('/staff/party-posts', { cursor: cursor ?? undefined })
export const createPost = (body: { area_id: string; title: string; words: string; when_text: string; places: number }) =>
  client.send<Post>('POST', '/staff/party-posts', body)
export const closePost = (id: string) => client.send<Post>('POST', `/staff/party-posts/${id}/closings`, {})

export type CareKind = 'wishes' | 'help-requests'
export const cares = (kind: CareKind, cursor: string | null) =>
  client.get<Page<Care>>(`/staff/${kind}`, { cursor: cursor ?? undefined })
export const removeCare = (kind: CareKind, id: string, reason: string) =>
  client.send<Care>('POST', `/staff/${kind}/${id}/removals`, { reason })

export const PLACES: Record<Resource['kind'], string> = {
  hall: '礼堂',
  room: '活动室',
  parking: '停车场',
  court: '球场',
  other: '其他',
}
export interface ResourceBody {
  area_id: string
  kind: Resource['kind']
  name: string
  unit_name: string
  words: string
  address: string
  latitude: number
  longitude: number
  open: boolean
  cancel_minutes: number
  days_ahead: number
}
export const createResource = (body: ResourceBody) => client.send<Resource>('POST', '/staff/resources', body)
export const editResource = (id: string, body: ResourceBody, version: number) =>
  client.send<Resource>('PUT', `/staff/resources/${id}`, body, { headers: { 'If-Match': `"${version}"` } })
export const setWeek = (id: string, items: WeekRow[]) => client.send<Resource>('PUT', `/staff/resources/${id}/week`, { items })
export type Figures = Schemas['LifeFigures']
export const figures = (area?: string) => client.get<Figures>('/public/neighbourhood-figures', { area })
export const resources = () => client.get<{ items: Resource[] }>('/staff/resources')
export const bookings = (id: string, date: string) =>
  client.get<{ items: Booking[] }>(`/staff/resources/${id}/bookings`, { date })
export const closeDay = (id: string, date: string, reason: string) =>
  client.send<{ cancelled: number }>('POST', `/staff/resources/${id}/closures`, { date, reason })
export const cancelBooking = (id: string, reason: string) =>
  client.send<{ reason: string }>('POST', `/staff/resource-bookings/${id}/cancellations`, { reason })
