import { client } from './client'
import type { components } from './schema'

/** Calls about how a hall's queue is run. */

type Schemas = components['schemas']
export type QueueRules = Schemas['QueueRules']
export type Kiosk = Schemas['Kiosk']
export type MadeKiosk = Schemas['MadeKiosk']
export type PaperSheet = Schemas['HallPaperSheet']
export type PaperEntry = Schemas['HallPaperEntry']
export type PaperError = Schemas['HallPaperError']
export type PaperResult = Schemas['HallPaperResult']

export const queueRules = (hallId: string) => client.edit<QueueRules>(`/staff/halls/${hallId}/queue-rules`)
export const saveQueueRules = (hallId: string, rules: QueueRules) =>
  client.save<QueueRules>(`/staff/halls/${hallId}/queue-rules`, rules)

export const kiosks = (hallId: string) => client.get<{ items: Kiosk[] }>(`/staff/halls/${hallId}/kiosks`)
export const makeKiosk = (hallId: string, name: string) =>
  client.send<MadeKiosk>('POST', `/staff/halls/${hallId}/kiosks`, { name })
export const endKiosk = (hallId: string, id: string) =>
  client.send<void>('DELETE', `/staff/halls/${hallId}/kiosks/${id}`)

export const paperSheet = (hallId: string, date: string) =>
  client.get<PaperSheet>(`/staff/halls/${hallId}/paper`, { date })
export const enterPaper = (hallId: string, date: string, entries: PaperEntry[]) =>
  client.send<PaperResult>('POST', `/staff/halls/${hallId}/paper-entries`, { date, entries })
