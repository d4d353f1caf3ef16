import { request } from './http'
import type { Page } from './types'

/** What can answer: an article of the public knowledge base, or a service item of the catalogue. */
export type AnswerKind = 'article' | 'item'

/** A piece of an answer's text; `hit` is what the question said. */
export interface SnippetPart {
  text: string
  hit: boolean
}

export interface AnswerRef {
  kind: AnswerKind
  id: string
  title: string
}

export interface AnswerCard extends AnswerRef {
  /** The title in pieces, as the snippet. */
  title_parts: SnippetPart[]
  snippet: SnippetPart[]
  department_name: string
  updated_at: string | null
}

export interface AnswerPage extends Page<AnswerCard> {
  total: number
  query_id: string
}

export interface ArticleFile {
  id: string
  name: string
  /** Bytes. */
  size: number
  /** How its name ends. */
  kind: 'pdf' | 'docx' | 'xlsx' | 'jpg' | 'png'
  url: string
}

/** A public article; `text` is Markdown. An expired one is still shown, under a banner. */
export interface PublicArticle {
  id: string
  number: string
  title: string
  summary: string
  text: string
  material_kind_text: string
  department_name: string
  issuing_unit: string
  document_number: string
  source_url: string
  effective_on: string | null
  expires_on: string | null
  expired: boolean
  expired_text: string
  updated_at: string | null
  related: AnswerRef[]
  files: ArticleFile[]
}

/** An article that is asked for often. */
export interface FrequentQuestion {
  id: string
  title: string
}

export interface AnswerQuery {
  q: string
  kind?: AnswerKind | ''
  cursor?: string | null
}

export const answers = {
  search: ({ q, kind, cursor }: AnswerQuery) => request<AnswerPage>('GET', '/answers', { query: { q, kind, cursor } }),
  suggest: (q: string) => request<Page<AnswerRef>>('GET', '/answers/suggestions', { query: { q }, retries: 0 }),
  frequent: () => request<Page<FrequentQuestion>>('GET', '/public/frequent-questions'),
  article: (id: string) => request<PublicArticle>('GET', `/articles/${id}`),
  feedback: (query: string, kind: AnswerKind, id: string, helpful: boolean, key: string) =>
    request<unknown>('POST', '/answers/feedback', { body: { query, kind, id, helpful }, key }),
}
