import { client } from './client'
import type { components } from './schema'
import type { Page } from './types'
import type { Tally } from '@/lib/voteResult'

/** Calls about votes: preparing, opening, paper ballots, the published result, the recount. */
type Schemas = components['schemas']
export type Vote = Schemas['VoteDetail']
export type Seat = Schemas['RollSeat']
export type Sheet = Schemas['PaperSheet']
export type AuditBallot = Schemas['AuditBallot']
export type Recount = Schemas['Recount']
export type Checkpoint = Schemas['VoteCheckpoint']
export type VoteResult = Omit<Schemas['VoteResultPage'], 'record'> & { record: Tally }

export const vote = (id: string) => client.read<Vote>(`/staff/votes/${id}`)
export const prepareVote = (topicId: string, days: number | null) =>
  client.send<Vote>('POST', `/staff/topics/${topicId}/votes`, { days })
export const editVote = (id: string, days: number | null, etag: string | null) =>
  client.send<Vote>('PUT', `/staff/votes/${id}`, { days }, etag ? { headers: { 'If-Match': etag } } : {})
export const stepVote = (id: string, step: 'openings' | 'cancellations' | 'annulments', body: object) =>
  client.send<Vote>('POST', `/staff/votes/${id}/${step}`, body)

export const roll = (id: string) => client.get<Page<Seat>>(`/staff/votes/${id}/roll`)
export const sheets = (id: string) => client.get<Page<Sheet>>(`/staff/votes/${id}/paper-ballots`)
export const enterSheet = (id: string, body: { sheet: string; entry_id: string; choice: string[] }) =>
  client.send<Sheet>('POST', `/staff/votes/${id}/paper-ballots`, body)
export const readSheetAgain = (id: string, body: { sheet: string; choice: string[] }) =>
  client.send<Sheet>('POST', `/staff/votes/${id}/second-entries`, body)
export const voidSheet = (id: string, sheet: string, reason: string) =>
  client.send<Sheet>('POST', `/staff/votes/${id}/paper-voids`, { sheet, reason })

export const voteResult = (id: string) => client.get<VoteResult>(`/votes/${id}/result`)
export const checkpoints = (id: string) => client.get<Page<Checkpoint> & { key: string }>(`/votes/${id}/checkpoints`)
export const auditBallots = (id: string) => client.get<Page<AuditBallot>>(`/staff/votes/${id}/ballots`)
export const recount = (id: string) => client.send<Recount>('POST', `/staff/votes/${id}/recounts`, {})

export const bundleAddress = (id: string) => `/api/v1/votes/${id}/bundle`
export const certificateAddress = (id: string) => `/api/v1/staff/votes/${id}/certificate`
export const handOverAddress = (id: string) => `/api/v1/staff/votes/${id}/hand-over`
