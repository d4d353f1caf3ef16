import { client } from './client'
import type { components } from './schema'
import type { Page } from './types'

/** Calls about campaigns: one message to many people, written by one, released by another. */
type Schemas = components['schemas']
export type CampaignCard = Schemas['CampaignCard']
export type Campaign = Schemas['Campaign']
export type CampaignState = CampaignCard['state']
export type Progress = Schemas['CampaignProgress']
export type DryRun = Schemas['CampaignDryRun']
export type Options = Schemas['CampaignOptions']
export type Audience = Required<Schemas['Audience']>
export type Channel = Campaign['ladder'][number]

export interface CampaignBody {
  name: string
  title: string
  body: string
  link: string
  sms: string
  ladder: Channel[]
  audience: Audience
  send_at: string | null
  expires_at: string | null
}

const base = '/staff/campaigns'
const seen = (version: number) => ({ headers: { 'If-Match': `"${version}"` } })
export const campaigns = (state: string, cursor: string | null) =>
  client.get<Page<CampaignCard>>(base, { state: state || undefined, cursor: cursor ?? undefined })
export const campaign = (id: string) => client.get<Campaign>(`${base}/${id}`)
export const campaignOptions = () => client.get<Options>('/staff/campaign-options')
export const createCampaign = (body: CampaignBody) => client.send<Campaign>('POST', base, body)
export const saveCampaign = (id: string, body: CampaignBody, version: number) =>
  client.send<Campaign>('PUT', `${base}/${id}`, body, seen(version))
export const dryRun = (id: string) => client.get<DryRun>(`${base}/${id}/dry-run`)
export const stepCampaign = (id: string, action: 'submit' | 'recall' | 'discard', version: number) =>
  client.send<Campaign>('POST', `${base}/${id}/steps`, { action }, seen(version))
export const releaseCampaign = (id: string, read: boolean, version: number) =>
  client.send<Campaign>('POST', `${base}/${id}/decisions`, { release: true, read }, seen(version))
export const returnCampaign = (id: string, reason: string, version: number) =>
  client.send<Campaign>('POST', `${base}/${id}/decisions`, { release: false, reason }, seen(version))
export const stopCampaign = (id: string, reason: string, withdraw: boolean) =>
  client.send<Campaign>('POST', `${base}/${id}/stops`, { reason, withdraw })
