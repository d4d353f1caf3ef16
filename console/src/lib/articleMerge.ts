import type { ArticleContent, AttachedFile, Related } from '@/api/knowledge'
import type { Body } from './merging'

/** An article's fields as texts, so that two people's edits merge as those of any other form. */

export const FIELD_NAMES: Record<keyof ArticleContent, string> = {
  title: '标题',
  summary: '摘要',
  public_text: '公开内容',
  internal_text: '内部内容',
  material_kind: '材料类型',
  keywords: '关键词',
  issuing_unit: '发布单位',
  document_number: '文号',
  category_code: '分类',
  audience: '公开范围',
  region_codes: '适用地区',
  effective_on: '生效日期',
  expires_on: '失效日期',
  source_url: '来源网址',
  change_note: '改了什么',
  related: '相关内容',
  files: '附件',
}
type FieldKey = keyof ArticleContent
const KEYS = Object.keys(FIELD_NAMES) as FieldKey[]
const LISTS: FieldKey[] = ['keywords', 'region_codes', 'related', 'files']
const DATES: FieldKey[] = ['effective_on', 'expires_on']
/** Fields in which both texts can stand one after the other. */
export const FREE_WORDS: string[] = ['public_text', 'internal_text']

/** What the server tells of a file or a relation besides stays out: it is not the editor's to send. */
const sent: Partial<Record<FieldKey, (value: never) => unknown>> = {
  files: (files: AttachedFile[]) => files.map(({ id, name, audience }) => ({ id, name, audience })),
  related: (related: Related[]) => related.map(({ kind, id, title }) => ({ kind, id, title })),
}

export function bodyOf(content: ArticleContent): Body {
  return Object.fromEntries(
    KEYS.map((key) => {
      const value = (sent[key]?.(content[key] as never) ?? content[key]) as ArticleContent[FieldKey]
      if (Array.isArray(value)) return [key, value.length ? JSON.stringify(value) : '']
      return [key, value ?? '']
    }),
  )
}

export function contentOf(body: Body): ArticleContent {
  return Object.fromEntries(
    KEYS.map((key) => {
      const text = body[key] ?? ''
      if (LISTS.includes(key)) return [key, text ? (JSON.parse(text) as unknown) : []]
      return [key, DATES.includes(key) ? text || null : text]
    }),
  ) as unknown as ArticleContent
}

/** A field's text as a person reads it: lists by their names, codes by their words. */
export function readable(key: string, text: string, names: (key: string, code: string) => string): string {
  if (!text || !LISTS.includes(key as FieldKey)) return text && names(key, text)
  const list = JSON.parse(text) as (string | Related | AttachedFile)[]
  return list
    .map((one) => (typeof one === 'string' ? names(key, one) : 'title' in one ? one.title : one.name))
    .join('、')
}
