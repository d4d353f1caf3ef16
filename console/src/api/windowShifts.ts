import { client } from './client'
import type { components } from './schema'

/** Calls about seasons, shifts at the windows and the pace of a business. */

type Schemas = components['schemas']
/** What a change did to the coming slots: how many changed, and which could not shrink. */
export type Rebuilt = Schemas['Rebuilt']

/** A week that holds between two days in place of the usual one. */
export type Season = Schemas['Season']
export type SeasonBody = Schemas['SeasonBody']
export type SeasonList = Schemas['SeasonList']
export type SavedSeason = Schemas['SavedSeason']
export const seasons = (hallId: string) => client.get<SeasonList>(`/staff/halls/${hallId}/seasons`)
export const addSeason = (hallId: string, body: SeasonBody) =>
  client.send<SavedSeason>('POST', `/staff/halls/${hallId}/seasons`, body)
/** `version`: the one that was seen; what somebody else changed meanwhile is not overwritten. */
export const changeSeason = (hallId: string, id: string, body: SeasonBody & { version: number }) =>
  client.send<SavedSeason>('PUT', `/staff/halls/${hallId}/seasons/${id}`, body)
export const dropSeason = (hallId: string, id: string) =>
  client.send<Rebuilt>('DELETE', `/staff/halls/${hallId}/seasons/${id}`)

/** Somebody at a window on a day. */
export type Shift = Schemas['WindowShift']
export type ShiftList = Schemas['WindowShiftList']
export type ShiftWindow = ShiftList['windows'][number]
export type ShiftPerson = ShiftList['staff'][number]
export type ShiftBody = Omit<Shift, 'id' | 'window_number'>
export type SavedShift = Schemas['SavedWindowShift']
export const shifts = (hallId: string, from: string, to: string) =>
  client.get<ShiftList>(`/staff/halls/${hallId}/shifts`, { from, to })
export const addShift = (hallId: string, body: ShiftBody) =>
  client.send<SavedShift>('POST', `/staff/halls/${hallId}/shifts`, body)
export const changeShift = (hallId: string, id: string, body: ShiftBody) =>
  client.send<SavedShift>('PUT', `/staff/halls/${hallId}/shifts/${id}`, body)
export const dropShift = (hallId: string, id: string) =>
  client.send<Rebuilt>('DELETE', `/staff/halls/${hallId}/shifts/${id}`)
export const copyWeek = (hallId: string, body: Schemas['CopyWeek']) =>
  client.send<Schemas['CopiedWeek']>('POST', `/staff/halls/${hallId}/shifts/copy`, body)
export type ShiftReport = Schemas['ImportedShifts']
export const importShifts = (hallId: string, csv: string, dry_run: boolean) =>
  client.send<ShiftReport>('POST', `/staff/halls/${hallId}/shifts/import`, { csv, dry_run })

/** How many people a staffed window serves in a slot of a business, and the percents of it. */
export type Pace = Schemas['Pace']
export const paces = (hallId: string) => client.edit<Schemas['ShownPaces']>(`/staff/halls/${hallId}/paces`)
export const savePaces = (hallId: string, items: Pace[]) =>
  client.save<Schemas['SavedPaces']>(`/staff/halls/${hallId}/paces`, { items })
