import { client } from './client'
import type { components } from './schema'
import type { Page, Slot } from './types'

/** Calls about where places come from: when they are given out, at short notice, on which days. */

type Schemas = components['schemas']
export type Release = Schemas['Release']
export type ShownRelease = Schemas['ShownRelease']
export type ReleaseDay = Schemas['ReleaseDay']

export const release = (hallId: string) => client.edit<ShownRelease>(`/staff/halls/${hallId}/release`)
export const saveRelease = (hallId: string, body: Release) =>
  client.save<ShownRelease>(`/staff/halls/${hallId}/release`, body)
export const previewRelease = (hallId: string, body: Release) =>
  client.send<{ days: ReleaseDay[] }>('POST', `/staff/halls/${hallId}/release/preview`, body)

export const addPlaces = (slotId: string, places: number, reason: string) =>
  client.send<Slot>('POST', `/staff/slots/${slotId}/extra`, { places, reason })

/** `national` null: the calendar of that year is not published yet. */
export type Workday = Schemas['Workday']
export const workdays = (from: string, to: string) => client.get<Page<Workday>>('/staff/workdays', { from, to })
export const setWorkday = (day: string, body: { working: boolean; note: string }) =>
  client.send<Workday>('PUT', `/staff/workdays/${day}`, body)
export const resetWorkday = (day: string) => client.send<Workday>('DELETE', `/staff/workdays/${day}`)
