import type { AreaCollection, AreaFeature, AreaGeometry } from '@/lib/geo'
import { client } from './client'
import type { Page } from './types'

/** Calls about the grid: areas on the map, who has which duty, who is on duty now. */

export type AreaKind = 'street' | 'community' | 'cell'

/** The district's areas for drawing; kept with its ETag, as it seldom changes. */
export const publicAreas = async (): Promise<AreaCollection> =>
  (await client.poll<AreaCollection>('/public/areas')).data

export interface StaffAreaFeature extends AreaFeature {
  properties: AreaFeature['properties'] & {
    kind: AreaKind
    code: string
    parent_id: string | null
    street_id: string
    aliases: string[]
    version: number
    active: boolean
  }
}
export interface StaffAreaCollection {
  type: 'FeatureCollection'
  features: StaffAreaFeature[]
}
/** With those out of use, as the editor needs them. */
export const staffAreas = () => client.get<StaffAreaCollection>('/staff/areas')

export interface Area {
  id: string
  kind: AreaKind
  code: string
  name: string
  parent_id: string | null
  street_id: string
  aliases: string[]
  geometry: AreaGeometry
  version: number
  active: boolean
}
export const area = (id: string) => client.read<Area>(`/staff/areas/${id}`)
export type AreaChange = Pick<Area, 'name' | 'aliases' | 'geometry' | 'active'>
const matching = (etag: string | null) => ({ headers: { 'If-Match': etag ?? '' } })
export const saveArea = (id: string, body: AreaChange, etag: string | null) =>
  client.send<Area>('PUT', `/staff/areas/${id}`, body, matching(etag))

export type Level = 'worker' | 'deputy' | 'leader' | 'street'
export const LEVELS: Record<Level, string> = {
  worker: '网格员',
  deputy: '副网格员',
  leader: '网格长',
  street: '街道',
}

export interface DutyPerson {
  staff_id: string
  name: string
  role_text: string
  phone_bound: boolean
}
export const dutyPeople = (query: { street?: string; department?: string }) =>
  client.get<Page<DutyPerson>>('/staff/duty-people', query)

export interface Duty {
  id: string
  staff_id: string
  name: string
  area_id: string | null
  area_name: string
  area_kind: string
  department_id: string | null
  level: Level | 'department'
  level_text: string
  category_code: string | null
  shift_id: string | null
  shift_text: string
}
export interface NewDuty {
  staff_id: string
  level: Level
  category_code: string | null
  shift_id: string | null
}
/** The duties set at one area; `above` are those of larger areas that hold here too. */
export interface AreaDuties {
  area_id: string
  items: Duty[]
  above: Duty[]
}
export const areaDuties = (id: string) => client.read<AreaDuties>(`/staff/cells/${id}/duties`)
export const saveAreaDuties = (id: string, items: NewDuty[], etag: string | null) =>
  client.send<AreaDuties>('PUT', `/staff/cells/${id}/duties`, { items }, matching(etag))

export const departmentDuties = (id: string) =>
  client.read<{ department_id: string; items: Duty[] }>(`/staff/departments/${id}/duties`)
export const saveDepartmentDuties = (
  id: string,
  items: { staff_id: string; shift_id: string | null }[],
  etag: string | null,
) => client.send('PUT', `/staff/departments/${id}/duties`, { items }, matching(etag))

export interface Person {
  staff_id: string
  name: string
}
export interface CellNow {
  cell_id: string
  cell_name: string
  community_name: string
  street_id: string
  levels: { level: Level; level_text: string; people: Person[] }[]
  empty: boolean
}
export const dutiesNow = (street: string) =>
  client.get<{ as_of: string; items: CellNow[] }>('/staff/duties/now', { street })

export interface WeekRow {
  area_id: string
  area_name: string
  area_kind: AreaKind
  level: Level
  level_text: string
  category_code: string | null
  shift_id: string | null
  shift_text: string
  days: { date: string; people: (Person & { instead_of: string | null })[] }[]
}
export interface Week {
  street_id: string
  days: string[]
  rows: WeekRow[]
}
export const dutiesWeek = (street: string, from: string) =>
  client.get<Week>('/staff/duties/week', { street, from })

export interface Shift {
  id: string
  street_id: string | null
  name: string
  starts: string
  ends: string
  weekdays: number
  text: string
  version: number
  can_edit: boolean
}
export type ShiftBody = Pick<Shift, 'name' | 'starts' | 'ends' | 'weekdays'>
export const shifts = (street: string) => client.get<Page<Shift>>('/staff/duty-shifts', { street })
export const addShift = (body: ShiftBody & { street_id: string | null }) =>
  client.send<Shift>('POST', '/staff/duty-shifts', body)
export const changeShift = (id: string, body: ShiftBody & { version: number }) =>
  client.send<Shift>('PUT', `/staff/duty-shifts/${id}`, body)
export const removeShift = (id: string) => client.send('DELETE', `/staff/duty-shifts/${id}`)

export interface Absence {
  id: string
  staff_id: string
  name: string
  starts_at: string
  ends_at: string
  substitute_id: string | null
  substitute_name: string
  reason: string
  now: boolean
  version: number
}
export type AbsenceBody = Pick<Absence, 'starts_at' | 'ends_at' | 'substitute_id' | 'reason'>
export const absences = (street: string) => client.get<Page<Absence>>('/staff/duty-absences', { street })
export const addAbsence = (body: AbsenceBody & { staff_id: string }) =>
  client.send<Absence>('POST', '/staff/duty-absences', body)
export const changeAbsence = (id: string, body: AbsenceBody & { version: number }) =>
  client.send<Absence>('PUT', `/staff/duty-absences/${id}`, body)
export const removeAbsence = (id: string) => client.send('DELETE', `/staff/duty-absences/${id}`)

export interface Chain {
  street_id: string | null
  street_name: string
  levels: Level[]
  levels_text: string
  own: boolean
  version: number
}
export const chains = () => client.get<Page<Chain>>('/staff/escalation-chains')
/** No levels: the street goes by the district's chain again. */
export const saveChain = (body: Pick<Chain, 'street_id' | 'levels' | 'version'>) =>
  client.send<Page<Chain>>('PUT', '/staff/escalation-chains', body)
