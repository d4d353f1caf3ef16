import { client } from './client'
import type { components } from './schema'
import type { Page } from './types'

/** Calls about topics as the community, the street and the auditors see them. */
type Schemas = components['schemas']
export type TopicRow = Schemas['StaffTopicRow']
export type Topic = Schemas['StaffTopic']
export type TopicKind = Topic['kind']
export type TopicDraft = Schemas['TopicDraft']
export type DraftOption = Schemas['TopicOption']
export type Ballot = TopicDraft['ballot']
export type Objection = Schemas['StaffObjection']
export type Comment = Schemas['TopicComment']
export type Picture = Schemas['TopicPicture']
export type ModerationCase = Schemas['ModerationCase']
export type ContentCheck = Schemas['ContentCheck']
export type OpinionMap = Schemas['OpinionMap']
export type DraftBody = Omit<Schemas['SaveTopicDraft'], 'options'> & { options: DraftOption[] }

export type TopicFilter = { community: string; state: string; kind: string; q: string }
export const topicPage = (filter: TopicFilter, cursor: string | null) =>
  client.get<Page<TopicRow>>('/staff/topics', { ...filter, cursor, limit: 50 })
export const topic = (id: string) => client.read<Topic>(`/staff/topics/${id}`)

export interface NewTopic {
  community_id: string
  kind: string
  scope_kind: string
  scope_id?: string
  title: string
  words: string
}
export const proposeTopic = (body: NewTopic) => client.send<Topic>('POST', '/staff/topics', body)

export const editTopic = (id: string, body: object, version: number) =>
  client.send<Topic>('PUT', `/staff/topics/${id}`, body, { headers: { 'If-Match': `"${version}"` } })

/** Everything that is added to a topic: an acceptance, a stage, a notice, a report of progress. */
export const stepTopic = (id: string, path: string, body: object) =>
  client.send('POST', `/staff/topics/${id}/${path}`, body)

/** `seen` is the version the words were written on, 0 for the first; another one is refused (412). */
export const saveDraft = (id: string, body: DraftBody, seen: number) =>
  client.send<TopicDraft>('PUT', `/staff/topics/${id}/draft`, body, { headers: { 'If-Match': `"d${seen}"` } })
export const latestDraft = (id: string) => client.get<TopicDraft>(`/staff/topics/${id}/draft`)

export const commentPage = (id: string, sort: string, parent: string, cursor: string | null) =>
  client.get<Page<Comment>>(`/staff/topics/${id}/comments`, { sort, parent, cursor, limit: 30 })
export const opinionMap = (id: string) => client.get<OpinionMap>(`/staff/topics/${id}/opinion-map`)
export const hideComment = (id: string, reason: string) =>
  client.send('POST', `/staff/comments/${id}/hidings`, { reason })

export const decideObjection = (id: string, action: string, reason: string) =>
  client.send('POST', `/staff/topic-objections/${id}/decisions`, { action, reason })

/** The notice as a page to print, with its QR code. */
export const posterAddress = (id: string) => `/api/v1/staff/topics/${id}/notice`

export function uploadTopicPicture(file: File): Promise<{ id: string }> {
  const form = new FormData()
  form.set('file', file)
  return client.upload('/staff/topic-files', form)
}

export const moderationCases = () => client.get<Page<ModerationCase>>('/staff/moderation')
export const decideCase = (id: string, action: string, reason: string) =>
  client.send('POST', `/staff/moderation-cases/${id}/decisions`, { action, reason })
export const contentChecks = (cursor: string | null) =>
  client.get<Page<ContentCheck>>('/staff/content-checks', { cursor, limit: 50 })
export const decideCheck = (id: string, passed: boolean, reason: string) =>
  client.send('POST', `/staff/content-checks/${id}/decisions`, { passed, reason })
