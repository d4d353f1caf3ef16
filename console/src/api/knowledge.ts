import { client, queryString } from './client'
import type { Page } from './types'

/** Calls about the knowledge base as those see it who write, review, publish and search it. */

export type ArticleState = 'unpublished' | 'published' | 'withdrawn' | 'expired' | 'archived'
export type VersionState =
  | 'draft'
  | 'department_review'
  | 'centre_review'
  | 'waiting'
  | 'published'
  | 'superseded'
  | 'discarded'
export type Audience = 'public' | 'internal'
export type MaterialKind = 'policy' | 'guide' | 'qa' | 'announcement'

export interface ArticleRow {
  id: string
  number: string
  title: string
  state: ArticleState
  state_text: string
  /** Where the version under way is, when there is one. */
  draft_state: VersionState | null
  draft_state_text: string | null
  department_id: string
  department_name: string
  audience: Audience
  material_kind: MaterialKind
  material_kind_text: string
  live_version_number: number | null
  draft_version_number: number | null
  effective_on: string | null
  expires_on: string | null
  open_corrections: number
  updated_at: string
}

/** What an editor fills in. */
export interface ArticleContent {
  title: string
  summary: string
  public_text: string
  internal_text: string
  material_kind: MaterialKind
  keywords: string[]
  issuing_unit: string
  document_number: string
  category_code: string
  audience: Audience
  region_codes: string[]
  effective_on: string | null
  expires_on: string | null
  source_url: string
  /** What this version changes, for those who review it. */
  change_note: string
  related: Related[]
  files: AttachedFile[]
}

export interface Related {
  kind: 'article' | 'item'
  id: string
  title: string
}
/** An attachment; who may have it is chosen for each. */
export interface AttachedFile {
  id: string
  name: string
  audience: Audience
}
export interface ArticleFile extends AttachedFile {
  size: number
  url: string
}

export interface ArticleVersion extends ArticleContent {
  id: string
  number: number
  state: VersionState
  state_text: string
  material_kind_text: string
  category_name: string
  region_text: string
  author_id: string | null
  author_name: string
  writer_names: string[]
  department_reviewer_name: string | null
  centre_reviewer_name: string | null
  /** Why it was sent back or withdrawn. */
  note: string
  files: ArticleFile[]
  saved_at: string
  submitted_at: string | null
  published_at: string | null
}

export interface VersionLine {
  id: string
  number: number
  state: VersionState
  state_text: string
  title: string
  change_note: string
  author_name: string
  saved_at: string
  published_at: string | null
  ended_at: string | null
}

export interface ArticleUsage {
  viewed: number
  inserted: number
  sent: number
  helpful: number
  unhelpful: number
}

export interface ArticleLine {
  action: string
  at: string
  text: string
  note: string
  actor_text: string
}

/** What became of one of several drafts submitted together. */
export interface Submission {
  article_id: string
  number: string
  title: string
  submitted: boolean
  /** Why it was not. */
  reason: string
}

export interface Article {
  id: string
  number: string
  title: string
  state: ArticleState
  state_text: string
  department_id: string
  department_name: string
  /** Counts every change; an edit names the one it was made on. */
  etag: string
  updated_at: string
  live: ArticleVersion | null
  draft: ArticleVersion | null
  versions: VersionLine[]
  corrections: Correction[]
  usage: ArticleUsage
  can: string[]
  /** What keeps the draft from review. */
  problems: { field: string; text: string }[]
  timeline: ArticleLine[]
}

export interface Correction {
  id: string
  article_id: string
  article_number: string
  article_title: string
  department_name: string
  version_number: number
  quote: string
  words: string
  by_name: string
  state: 'open' | 'accepted' | 'rejected'
  state_text: string
  light: 'green' | 'yellow' | 'red' | 'none'
  due_at: string | null
  created_at: string
  answer: string | null
  answered_at: string | null
  answered_by: string | null
  can: string[]
}

export interface SearchMiss {
  id: string
  words: string
  audience: Audience
  count: number
  first_on: string
  last_on: string
  department_name: string | null
  state: 'open' | 'filled' | 'dismissed'
  state_text: string
  article_id: string | null
}

export interface Part {
  op: 'same' | 'add' | 'del'
  text: string
}
export interface ComparedField {
  key: string
  label: string
  from: string
  to: string
  parts: Part[]
}
export interface Comparison {
  from_number: number
  to_number: number
  fields: ComparedField[]
}

export interface UsageRow extends ArticleUsage {
  article_id: string
  number: string
  title: string
  department_name: string
}

export interface ImportReport {
  dry_run: boolean
  read: number
  accepted: number
  /** The drafts that were made; none by a dry run. */
  article_ids: string[]
  refused: { row: number; title: string; reason: string }[]
}

export interface Hit {
  kind: 'article' | 'item' | 'ticket'
  id: string
  number: string
  title: string
  snippet: { text: string; hit: boolean }[]
  department_name: string
  audience: Audience
  version_id: string | null
  version_number: number | null
  expires_on: string | null
  expires_soon: boolean
  public_text: string
  score: number
}
export interface Found {
  items: Hit[]
  total: number
  took_ms: number
  as_of: string
}

export type ArticleQuery = {
  state: string
  department: string
  audience: string
  mine: string
  expiring: string
  q: string
}

export interface Named {
  code: string
  name: string
}
/** What an editor chooses from. */
export interface ArticleOptions {
  categories: { group: string; items: Named[] }[]
  regions: Named[]
  departments: (Named & { id: string })[]
}
export const articleOptions = () => client.get<ArticleOptions>('/staff/article-options')

export const articlePage = (query: ArticleQuery, cursor: string | null) =>
  client.get<Page<ArticleRow>>('/staff/articles', { ...query, cursor, limit: 50 })

export const article = (id: string) => client.get<Article>(`/staff/articles/${id}`)

export const createArticle = (body: { title: string; department_id: string }) =>
  client.send<Article>('POST', '/staff/articles', body)

const matching = (version: number | string) => ({ headers: { 'If-Match': `"${version}"` } })

/** `version` is the one the edits were made on; an older one is refused (412). */
export const saveArticle = (id: string, content: ArticleContent, version: number) =>
  client.send<Article>('PUT', `/staff/articles/${id}/draft`, content, matching(version))

export type ArticleStep =
  | 'submissions'
  | 'recalls'
  | 'discards'
  | 'approvals'
  | 'returns'
  | 'withdrawals'
  | 'renewals'
  | 'archivals'
  | 'drafts'
/** Giving a draft up is the deletion of it; every other step is something that is added. */
export const stepArticle = (id: string, step: ArticleStep, body: object, etag: string) =>
  step === 'discards'
    ? client.send<Article>('DELETE', `/staff/articles/${id}/draft`, {}, matching(etag))
    : client.send<Article>('POST', `/staff/articles/${id}/${step}`, body, matching(etag))

export const comparison = (id: string, from: number, to: number) =>
  client.get<Comparison>(`/staff/articles/${id}/comparison`, { from, to })

export const sendCorrection = (id: string, words: string) =>
  client.send<Correction>('POST', `/staff/articles/${id}/corrections`, { words })

export const correctionPage = (state: string, cursor: string | null) =>
  client.get<Page<Correction>>('/staff/corrections', { state, cursor, limit: 50 })

export const answerCorrection = (id: string, accepted: boolean, answer: string) =>
  client.send<Correction>('POST', `/staff/corrections/${id}/answer`, { accepted, answer })

export const missPage = (state: string, cursor: string | null) =>
  client.get<Page<SearchMiss>>('/staff/search-misses', { state, cursor, limit: 50 })

export const dismissMiss = (id: string, reason: string) =>
  client.send<SearchMiss>('POST', `/staff/search-misses/${id}/dismissals`, { reason })

export const articleForMiss = (id: string, body: { title: string; department_id: string }) =>
  client.send<Article>('POST', `/staff/search-misses/${id}/articles`, body)

export const knowledgeUsage = (from: string, to: string) =>
  client.get<Page<UsageRow>>('/staff/knowledge-usage', { from, to })

/** How many drafts the server takes at a time. */
const TOGETHER = 100
/** Hands drafts to review, a hundred at a time; what became of each. */
export async function submitArticles(ids: string[]): Promise<Submission[]> {
  const done: Submission[] = []
  for (let from = 0; from < ids.length; from += TOGETHER) {
    const part = ids.slice(from, from + TOGETHER)
    const answer = await client.send<{ items: Submission[] }>('POST', '/staff/article-submissions', { article_ids: part })
    done.push(...answer.items)
  }
  return done
}

export function importArticles(file: File, departmentId: string, dryRun: boolean): Promise<ImportReport> {
  const form = new FormData()
  form.set('file', file)
  form.set('department_id', departmentId)
  form.set('dry_run', String(dryRun))
  return client.upload('/staff/article-imports', form)
}

export function uploadArticleFile(file: File): Promise<ArticleFile> {
  const form = new FormData()
  form.set('file', file)
  return client.upload('/staff/article-files', form)
}

/** What the server writes to a file; the browser saves it. */
export const exportAddress = (format: 'xlsx' | 'jsonl' | 'md', filter: Partial<ArticleQuery> = {}) =>
  `/api/v1/staff/articles/export${queryString({ ...filter, format })}`

export interface SearchFilter {
  kinds: string
  department: string
  region: string
  material_kind: string
}
export interface SearchQuery extends SearchFilter {
  q: string
}
/** `deep` also searches by meaning and ranks with more care. */
export const staffSearch = (query: SearchQuery, deep: boolean) =>
  client.get<Found>('/staff/answers', { ...query, deep, limit: 20 })
