import { client } from './client'
import type { components } from './schema'
import type { Slot } from './types'

/** Calls about where places come from: when they are given out, and those added at short notice. */

type Schemas = components['schemas']
export type Release = Schemas['Release']
export type ShownRelease = Schemas['ShownRelease']
export type ReleaseDay = Schemas['ReleaseDay']

export const release = (hallId: string) => client.get<ShownRelease>(`/staff/halls/${hallId}/release`)
export const saveRelease = (hallId: string, body: Release) =>
  client.send<ShownRelease>('PUT', `/staff/halls/${hallId}/release`, body)
export const previewRelease = (hallId: string, body: Release) =>
  client.send<{ days: ReleaseDay[] }>('POST', `/staff/halls/${hallId}/release/preview`, body)

export const addPlaces = (slotId: string, places: number, reason: string) =>
  client.send<Slot>('POST', `/staff/slots/${slotId}/extra`, { places, reason })
