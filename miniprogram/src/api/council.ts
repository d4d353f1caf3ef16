import { call, request, type Answer } from './http'
import type { Photo } from './events'
import type { Page } from './types'

/** What an author reads while neighbours do not see the words. */
export interface PostNotice {
  experience: 'refused' | 'under_review' | 'unavailable' | 'checking' | 'hidden'
  title: string
  text: string
  can: ('edit' | 'appeal')[]
  by_when: string | null
}

export interface Rule {
  kind: string
  version: number
  name: string
  in_force_from: string
  basis: string
  worth: 'intention' | 'resolution'
  worth_name: string
  worth_text: string
  votes: { code: string; name: string; electorate_text: string; thresholds: string[]; changeable: boolean; secrecy: string[]; proxies: number }[]
  requirements: string[]
  notes: string[]
}

export interface ScopeChoice {
  kind: 'community' | 'building' | 'entrance'
  id: string
  text: string
}

export interface MyCommunity {
  id: string
  name: string
  kind: 'estate' | 'village'
  address: string
  area_name: string
  street_name: string
  verified: boolean
  homes: string[]
  open_topics: number
  /** Only what this person may propose. */
  kinds: { kind: string; name: string; scopes: ScopeChoice[]; rule: Rule }[]
}

export interface TopicCard {
  id: string
  number: string
  kind: string
  kind_text: string
  worth_name: string
  title: string
  state: string
  state_text: string
  next_text: string
  by_when: string | null
  open: boolean
  passed: boolean | null
  scope_text: string
  seconds_needed: number
  seconds_count: number
  created_at: string
  last_at: string
  comments_count: number
  picture: string | null
  mine: boolean
  followed: boolean
}

export type TopicCan = 'follow' | 'withdraw' | 'amend' | 'appeal' | 'comment' | 'state' | 'object' | 'vote' | 'second'
type Picture = Photo

export interface TopicDraft {
  number: number
  text: string
  question: string
  ballot: Method
  options: { code: string; text: string; detail: string; cost_cents: number | null }[]
  least: number
  most: number
  budget_cents: number | null
  secret: boolean
  note: string
  at: string
  by: string
}

export interface Topic extends Omit<TopicCard, 'picture'> {
  words: string
  community: { id: string; name: string }
  proposer_text: string
  pictures: Picture[]
  stages: { state: string; text: string; status: 'done' | 'now' | 'todo' }[]
  rule: Rule
  silence_with_majority: boolean
  silence_basis: string
  requirements: { text: string; met: boolean }[]
  draft: TopicDraft | null
  votes: { id: string; turn: number; name: string; state: string; state_text: string; opened_at: string | null; closes_at: string | null }[]
  objections: { total: number; open: number; decisions: { result_text: string; reason: string; at: string }[] }
  my_objections: { id: string; words: string; state: string; state_text: string; decision: string; at: string }[]
  progress_percent: number | null
  end_reason: string
  statements_count: number
  timeline: { at: string; text: string; actor_text: string }[]
  version: number
  seconded: boolean
  notice: PostNotice | null
  can: TopicCan[]
  main_action: { code: TopicCan | 'progress' | 'result' | 'draft'; text: string } | null
}

export interface NewTopic {
  community_id: string
  kind: string
  scope_kind: ScopeChoice['kind']
  scope_id: string | null
  title: string
  words: string
  file_ids: string[]
}

export interface ProgressReport {
  id: string
  text: string
  percent: number
  done_on: string
  planned_until: string | null
  at: string
  pictures: Picture[]
}

export type CommentCan = 'like' | 'reply' | 'report' | 'withdraw' | 'edit' | 'appeal'
export type CommentSort = 'newest' | 'oldest' | 'liked' | 'official'

export interface TopicComment {
  id: string
  parent_id: string | null
  author: string
  official: boolean
  mine: boolean
  text: string
  /** Only its place is left. */
  gone: boolean
  pictures: Picture[]
  state: 'checking' | 'visible' | 'refused' | 'under_review' | 'hidden' | 'withdrawn'
  state_text: string
  likes: number
  liked: boolean
  replies: number
  at: string
  edited: boolean
  notice: PostNotice | null
  can: CommentCan[]
}

export type ReportWhy = 'abuse' | 'privacy' | 'false' | 'advert' | 'other'
export type StatementAnswer = 'agree' | 'disagree' | 'pass'
export type AnswerCounts = Record<StatementAnswer, number>

export interface Statement {
  id: string
  text: string
  state: string
  state_text: string
  mine: boolean
  by_staff: boolean
  answer: StatementAnswer | null
  /** Told once one has answered. */
  counts: AnswerCounts | null
  notice: PostNotice | null
  can: ('answer' | 'report' | 'withdraw' | 'appeal')[]
}

export interface SharedStatement {
  statement: string
  text: string
  answer: 'agree' | 'disagree'
  counts: AnswerCounts
}

export interface OpinionMap {
  ready: boolean
  participants: number
  needed: number
  points: { x: number; y: number; group: string }[]
  groups: { name: string; size: number; centre: number[]; hull: number[][]; typical: SharedStatement[] }[]
  shared: SharedStatement[]
  apart: { statement: string; text: string; groups: ({ name: string } & AnswerCounts)[] }[]
  you: { x: number; y: number; group: string } | null
  at: string | null
}

export type Method = 'single' | 'multiple' | 'ranked' | 'budget'

export interface VoteQuestion {
  id: string
  topic_id: string
  topic_number: string
  turn: number
  title: string
  words: string
  scope_text: string
  state: 'prepared' | 'open' | 'closing' | 'counted' | 'published' | 'cancelled' | 'annulled'
  state_text: string
  method: Method
  method_text: string
  options: { code: string; text: string; cost_cents: number | null }[]
  least: number
  most: number
  budget_cents: number | null
  secrecy: 'open' | 'secret'
  secrecy_text: string
  changeable: boolean
  opened_at: string | null
  closes_at: string | null
  rule: {
    name: string
    vote_name: string
    version: number
    basis: string
    worth: string
    worth_text: string
    electorate_text: string
    weights: string[]
    quorum: string[]
    passing: string[]
    silence_with_majority: boolean
    /** For how many others one may stand; 0 where nobody may. */
    proxies: number
    smallest: number | null
  }
}

export interface Seat {
  entry_id: string
  ordinal: number
  rooms: string[]
  area_centi: number
  as: 'owner' | 'proxy'
  taken_over: boolean
  cast: boolean
  cast_how: string | null
  can_cast: boolean
  changeable: boolean
}

export interface Turnout {
  heads: number
  heads_of: number
  area_centi: number | null
  area_centi_of: number | null
}

export interface Vote extends VoteQuestion {
  promise: string
  limits: string
  turnout: Turnout
  seats: Seat[]
  can_cast: boolean
  has_result: boolean
  key: string
}

/** Heads, and hundredths of a square metre where areas count. */
export interface Weighed {
  heads: number
  area?: number
}

/** A threshold with its numbers; `needs` is an operator and an exact share, like [">=", "2/3"]. */
export interface Judged {
  part: number
  of: number
  needs: [string, string]
  met: boolean
}
export type JudgedBy = { heads?: Judged; area?: Judged }
type ByWeight<T> = { heads?: T; area?: T }

/** The result as it is published in the bundle. */
export interface ResultRecord {
  method: Method
  entitled: Weighed
  taking_part: Weighed | null
  options?: Record<string, Weighed>
  quorum?: JudgedBy
  passing?: Record<string, JudgedBy>
  silence?: (Weighed & { to: string }) | null
  winners?: string[] | ByWeight<string[]>
  ranked?: ByWeight<{ rounds: { counts: Record<string, number>; spent: number; out: string[]; any_order?: boolean }[]; winners: string[] }>
  projects?: ByWeight<{ chosen: string[]; tied: string[]; spent_cents: number }>
  below?: number
}

export interface VoteResult extends VoteQuestion {
  outcome: 'passed' | 'not_passed' | 'no_quorum' | 'too_few' | 'counted' | 'tied'
  outcome_text: string
  passed: boolean | null
  record: ResultRecord
  counted_at: string | null
  published_at: string | null
  annulled: boolean
  key: string
}

export interface Cast {
  entry_id: string
  receipt: string
  /** The seat had cast before, and that ballot stands. */
  repeated: boolean
  seq: number | null
}

export interface Receipt {
  entry_id: string
  rooms: string[]
  code: string
  seq: number | null
  counts: boolean
  sealed: boolean
  batch: number | null
}

/** That a seat is on the frozen roll: its published line, what is behind it, and the path to the root. */
export interface RollProof {
  entry_id: string
  line: { n: number; commitment: string; rooms?: string[]; area_centi?: number }
  salt: string
  opening: { ref: string; rooms: [string, string, number][]; persons: string[] }
  path: string[]
  size: number
  root: string
}

/** What is promised at one moment, signed. Who keeps `note` can find later rewriting. */
export interface Checkpoint {
  seq: number
  kind: 'opening' | 'running' | 'final'
  at: string
  note: string
}

export const topics = {
  communities: () => request<Page<MyCommunity>>('GET', '/communities/mine'),
  list: (community: string, state: string, mine: boolean, cursor?: string | null) =>
    request<Page<TopicCard>>('GET', '/topics', { query: { community, state, mine: mine || undefined, cursor } }),
  get: (id: string, etag = ''): Promise<Answer<Topic> | null> => call<Topic>('GET', `/topics/${id}`, { etag }),
  propose: (body: NewTopic, key: string) => request<Topic>('POST', '/topics', { body: { ...body }, key }),
  amend: (id: string, title: string, words: string, file_ids: string[], key: string) =>
    request<Topic>('PUT', `/topics/${id}`, { body: { title, words, file_ids }, key }),
  appeal: (id: string, words: string, key: string) => request<Topic>('POST', `/topics/${id}/appeals`, { body: { words }, key }),
  withdraw: (id: string, reason: string, key: string) => request<Topic>('POST', `/topics/${id}/withdrawals`, { body: { reason }, key }),
  second: (id: string, key: string) => request<Topic>('POST', `/topics/${id}/seconds`, { key }),
  follow: (id: string, on: boolean, key: string) => request<Topic>(on ? 'POST' : 'DELETE', `/topics/${id}/follow`, { key }),
  object: (id: string, words: string, file_ids: string[], key: string) =>
    request<Topic>('POST', `/topics/${id}/objections`, { body: { words, file_ids }, key }),
  progress: (id: string) => request<Page<ProgressReport>>('GET', `/topics/${id}/progress`),
  map: (id: string) => request<OpinionMap>('GET', `/topics/${id}/opinion-map`),
}

export const comments = {
  list: (topic: string, sort: CommentSort, parent: string | null, cursor?: string | null) =>
    request<Page<TopicComment>>('GET', `/topics/${topic}/comments`, { query: { sort, parent, cursor } }),
  write: (topic: string, text: string, parent_id: string | null, file_ids: string[], key: string) =>
    request<TopicComment>('POST', `/topics/${topic}/comments`, { body: { text, parent_id, file_ids }, key }),
  edit: (id: string, text: string, key: string) => request<TopicComment>('PUT', `/comments/${id}`, { body: { text }, key }),
  withdraw: (id: string, key: string) => request<unknown>('DELETE', `/comments/${id}`, { key }),
  like: (id: string, liked: boolean, key: string) => request<TopicComment>('POST', `/comments/${id}/likes`, { body: { liked }, key }),
  report: (id: string, why: ReportWhy, words: string, key: string) =>
    request<unknown>('POST', `/comments/${id}/reports`, { body: { why, words }, key }),
  appeal: (id: string, words: string, key: string) => request<TopicComment>('POST', `/comments/${id}/appeals`, { body: { words }, key }),
}

export const statements = {
  list: (topic: string) => request<Page<Statement>>('GET', `/topics/${topic}/statements`),
  write: (topic: string, text: string, key: string) => request<Page<Statement>>('POST', `/topics/${topic}/statements`, { body: { text }, key }),
  answer: (id: string, answer: StatementAnswer, key: string) => request<Page<Statement>>('PUT', `/statements/${id}/vote`, { body: { answer }, key }),
  withdraw: (id: string, key: string) => request<unknown>('DELETE', `/statements/${id}`, { key }),
  report: (id: string, why: ReportWhy, words: string, key: string) =>
    request<unknown>('POST', `/statements/${id}/reports`, { body: { why, words }, key }),
  appeal: (id: string, words: string, key: string) => request<unknown>('POST', `/statements/${id}/appeals`, { body: { words }, key }),
}

export const votes = {
  get: (id: string) => request<Vote>('GET', `/votes/${id}`),
  /** Without a key: seat and number make a repeat the same ballot, and nothing of the call is kept. */
  cast: (id: string, entry_id: string, choice: string[], nonce: string) =>
    request<Cast>('POST', `/votes/${id}/ballots`, { body: { entry_id, choice, nonce } }),
  receipts: (id: string) => request<Page<Receipt>>('GET', `/votes/${id}/my-receipts`),
  result: (id: string) => request<VoteResult>('GET', `/votes/${id}/result`),
  rollProof: (id: string) => request<Page<RollProof>>('GET', `/votes/${id}/roll-proof`),
  checkpoints: (id: string) => request<Page<Checkpoint> & { key: string }>('GET', `/votes/${id}/checkpoints`),
  bundlePath: (id: string) => `/api/v1/votes/${id}/bundle`,
}
