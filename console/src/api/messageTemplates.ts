import { client } from './client'
import type { components } from './schema'

/** Calls about the words of messages: kinds, versions, previews. */

type Schemas = components['schemas']
export type KindRow = Schemas['MessageKind']
export type KindList = Schemas['MessageKindList']
export type KindDetail = Schemas['MessageKindDetail']
export type Texts = Schemas['TemplateTexts']
export type TemplateField = Schemas['TemplateField']
export type TemplateVersion = Schemas['TemplateVersion']
export type TemplateValue = Schemas['TemplateValue']
export type Registered = Schemas['RegisteredTemplate']
export type Preview = Schemas['MessagePreview']
export type PreviewCard = Schemas['PreviewCard']
export type TemplatePreview = Schemas['TemplatePreview']
export type LadderChannel = Texts['ladder'][number]

const PATH = '/staff/message-templates'
const seen = (etag: string) => ({ headers: { 'If-Match': `"${etag}"` } })

export const messageKinds = (fresh = false) => client.get<KindList>(PATH, { fresh })
export const messageKind = (key: string) => client.get<KindDetail>(`${PATH}/${key}`)
export const previewMessage = (key: string, texts: Texts) =>
  client.send<TemplatePreview>('POST', `${PATH}/${key}/previews`, { texts })
export const saveMessageDraft = (key: string, texts: Texts, note: string, etag: string) =>
  client.send<KindDetail>('POST', `${PATH}/${key}/drafts`, { texts, note }, seen(etag))
export const activateMessageDraft = (key: string, version: number, etag: string) =>
  client.send<KindDetail>('POST', `${PATH}/${key}/activations`, { version }, seen(etag))
export const discardMessageDraft = (key: string, etag: string) =>
  client.send<KindDetail>('DELETE', `${PATH}/${key}/drafts`, undefined, seen(etag))
export const resetMessageWords = (key: string, etag: string) =>
  client.send<KindDetail>('POST', `${PATH}/${key}/resets`, {}, seen(etag))
