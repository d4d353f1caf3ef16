import { client, queryString } from './client'
import type { components } from './schema'
import type { MessageDetail, MessageRow, Page } from './types'

/** Calls about delivery: the log of messages, the channels' health, consents. */

type Schemas = components['schemas']
export type LogChoices = Schemas['LogChoices']
export type Reader = Schemas['Reader']
export type ReaderList = Schemas['ReaderList']
export type MessageHealth = Schemas['MessageHealth']
export type ChannelHealth = Schemas['ChannelHealth']
export type MessageQuota = Schemas['Quota']
export type ConsentFigures = Schemas['ConsentFigures']
export type TemplateConsent = Schemas['TemplateConsent']

/** Filters of the log as they stand in the page's address; empty where nothing is chosen. */
export type MessageFilter = {
  kind: string
  topic: string
  state: string
  channel: string
  trouble: string
  from: string
  to: string
  number: string
  person: string
  campaign: string
}

export const messagePage = (filter: MessageFilter, cursor: string | null) =>
  client.get<Page<MessageRow>>('/staff/messages', { ...filter, cursor, limit: 50 })
export const message = (id: string) => client.get<MessageDetail>(`/staff/messages/${id}`)
export const logChoices = () => client.get<LogChoices>('/staff/messages/choices')
export const logAddress = (filter: MessageFilter) => `/api/v1/staff/messages/export${queryString(filter)}`
export const findReaders = (q: string, purpose: string) =>
  client.send<ReaderList>('POST', '/staff/messages/readers', { q, purpose })
export const resendMessage = (id: string, reason: string, sure: boolean) =>
  client.send<MessageDetail>('POST', `/staff/messages/${id}/resends`, { reason, sure })

/** Polled; what it tells is at most a few seconds old. */
export const messageHealth = async () => ({
  data: await client.get<MessageHealth>('/staff/message-health'),
  changed: true,
})
export const consentFigures = (from: string, to: string) =>
  client.get<ConsentFigures>('/staff/message-consents', { from, to })
