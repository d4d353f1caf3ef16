import type { AreaCollection, AreaFeature, AreaGeometry } from '@/lib/geo'
import { client } from './client'
import type { components } from './schema'
import type { Page } from './types'

/** Calls about the grid: areas on the map, who has which duty, who is on duty now. */

type Schemas = components['schemas']
export type DutyPerson = Schemas['DutyPerson']
export type Duty = Schemas['Duty']
export type AreaDuties = Schemas['AreaDuties']
export type Person = Schemas['Person']
export type CellNow = Schemas['CellNow']
export type WeekRow = Schemas['WeekRow']
export type Week = Schemas['Week']
export type Shift = Schemas['Shift']
export type Absence = Schemas['Absence']
export type Chain = Schemas['Chain']
export type AreaKind = Schemas['StaffArea']['kind']
export type Level = Chain['levels'][number]
export type NewDuty = Required<Schemas['NewDuty']>
/** With the coordinates that GeoJSON promises and the schema leaves open. */
export type Area = Omit<Schemas['StaffArea'], 'geometry'> & { geometry: AreaGeometry }
export type StaffAreaFeature = AreaFeature & { properties: Schemas['StaffAreaProperties'] }

/** The district's areas for drawing; kept with its ETag, as it seldom changes. */
export const publicAreas = async (): Promise<AreaCollection> =>
  (await client.poll<AreaCollection>('/public/areas')).data

export interface StaffAreaCollection {
  type: 'FeatureCollection'
  features: StaffAreaFeature[]
}
/** With those out of use, as the editor needs them. */
export const staffAreas = () => client.get<StaffAreaCollection>('/staff/areas')

export const area = (id: string) => client.read<Area>(`/staff/areas/${id}`)
export type AreaChange = Pick<Area, 'name' | 'aliases' | 'geometry' | 'active'>
const matching = (etag: string | null) => ({ headers: { 'If-Match': etag ?? '' } })
export const saveArea = (id: string, body: AreaChange, etag: string | null) =>
  client.send<Area>('PUT', `/staff/areas/${id}`, body, matching(etag))

export const LEVELS: Record<Level, string> = {
  worker: '网格员',
  deputy: '副网格员',
  leader: '网格长',
  street: '街道',
}

export const dutyPeople = (query: { street?: string; department?: string }) =>
  client.get<Page<DutyPerson>>('/staff/duty-people', query)

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

export const dutiesNow = (street: string) =>
  client.get<{ as_of: string; items: CellNow[] }>('/staff/duties/now', { street })

export const dutiesWeek = (street: string, from: string) =>
  client.get<Week>('/staff/duties/week', { street, from })

export type ShiftBody = Pick<Shift, 'name' | 'starts' | 'ends' | 'weekdays'>
export const shifts = (street: string) => client.get<Page<Shift>>('/staff/duty-shifts', { street })
export const addShift = (body: ShiftBody & { street_id: string | null }) =>
  client.send<Shift>('POST', '/staff/duty-shifts', body)
export const changeShift = (id: string, body: ShiftBody & { version: number }) =>
  client.send<Shift>('PUT', `/staff/duty-shifts/${id}`, body)
export const removeShift = (id: string) => client.send('DELETE', `/staff/duty-shifts/${id}`)

export type AbsenceBody = Pick<Absence, 'starts_at' | 'ends_at' | 'substitute_id' | 'reason'>
export const absences = (street: string) => client.get<Page<Absence>>('/staff/duty-absences', { street })
export const addAbsence = (body: AbsenceBody & { staff_id: string }) =>
  client.send<Absence>('POST', '/staff/duty-absences', body)
export const changeAbsence = (id: string, body: AbsenceBody & { version: number }) =>
  client.send<Absence>('PUT', `/staff/duty-absences/${id}`, body)
export const removeAbsence = (id: string) => client.send('DELETE', `/staff/duty-absences/${id}`)

export const chains = () => client.get<Page<Chain>>('/staff/escalation-chains')
/** No levels: the street goes by the district's chain again. */
export const saveChain = (body: Pick<Chain, 'street_id' | 'levels' | 'version'>) =>
  client.send<Page<Chain>>('PUT', '/staff/escalation-chains', body)
