import { client } from './client'
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
  | 'withdrawn'
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
  related: Related[]
  file_ids: string[]
}

export interface Related {
  kind: 'article' | 'item'
  id: string
  title: string
}
export interface ArticleFile {
  id: string
  name: string
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
  author_id: string
  author_name: string
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
  author_name: string
  saved_at: string
  published_at: string | null
}

export interface ArticleUsage {
  viewed: number
  inserted: number
  sent: number
  helpful: number
  unhelpful: number
}

export interface ArticleLine {
  at: string
  text: string
  actor_text: string
}

export interface Article {
  id: string
  number: string
  title: string
  state: ArticleState
  state_text: string
  department_id: string
  department_name: string
  etag: string
  live: ArticleVersion | null
  draft: ArticleVersion | null
  versions: VersionLine[]
  corrections: Correction[]
  usage: ArticleUsage
  can: string[]
  timeline: ArticleLine[]
}

export interface Correction {
  id: string
  article_id: string
  article_number: string
  article_title: string
  department_name: string
  version_number: number
  words: string
  by_name: string
  state: 'open' | 'accepted' | 'rejected'
  state_text: string
  light: 'green' | 'yellow' | 'red' | 'none'
  due_at: string
  created_at: string
  answer: string | null
  answered_at: string | null
  answered_by: string | null
}

export interface SearchMiss {
  id: string
  words: string
  audience: Audience
  count: number
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
  accepted: number
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

export interface ArticleQuery {
  state: string
  department: string
  audience: string
  mine: string
  expiring: string
  q: string
}

export const articlePage = (query: ArticleQuery, cursor: string | null) =>
  client.get<Page<ArticleRow>>('/staff/articles', { ...query, cursor, limit: 50 })

export const article = (id: string) => client.get<Article>(`/staff/articles/${id}`)

export const createArticle = (body: { title: string; department_id: string }) =>
  client.send<Article>('POST', '/staff/articles', body)

/** `etag` names the state the edits were made on; an older one is refused (412). */
export const saveArticle = (id: string, content: ArticleContent, etag: string) =>
  client.send<Article>('PUT', `/staff/articles/${id}/draft`, content, { headers: { 'If-Match': `"${etag}"` } })

export type ArticleStep =
  | 'submissions'
  | 'approvals'
  | 'returns'
  | 'withdrawals'
  | 'renewals'
  | 'archivals'
  | 'drafts'
export const stepArticle = (id: string, step: ArticleStep, body: object) =>
  client.send<Article>('POST', `/staff/articles/${id}/${step}`, body)

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
export const exportAddress = (format: 'xlsx' | 'jsonl' | 'md') => `/api/v1/staff/articles/export?format=${format}`

export interface SearchQuery {
  q: string
  kinds: string
  department: string
  region: string
  material_kind: string
}
export const staffSearch = (query: SearchQuery, deep: boolean) =>
  client.get<Found>('/staff/answers', { ...query, deep, limit: 20 })
