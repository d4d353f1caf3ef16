import type { ArticleContent } from '@/api/knowledge'

/** Two people edited one article: whose words stay, field by field. */

export const FIELD_NAMES: Record<keyof ArticleContent, string> = {
  title: '标题',
  summary: '摘要',
  public_text: '答复正文',
  internal_text: '内部说明',
  material_kind: '材料类型',
  keywords: '关键词',
  issuing_unit: '发布单位',
  document_number: '文号',
  category_code: '类别',
  audience: '公开范围',
  region_codes: '适用区域',
  effective_on: '生效日期',
  expires_on: '失效日期',
  source_url: '来源网址',
  related: '相关内容',
  file_ids: '附件',
}
export type FieldKey = keyof ArticleContent
export const FIELD_KEYS = Object.keys(FIELD_NAMES) as FieldKey[]

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

export interface Clash {
  key: FieldKey
  mine: unknown
  theirs: unknown
}

/** Fields that both changed, each to something else; nobody but a person can decide these. */
export function clashes(base: ArticleContent, mine: ArticleContent, theirs: ArticleContent): Clash[] {
  return FIELD_KEYS.filter(
    (key) => !same(mine[key], theirs[key]) && !same(base[key], mine[key]) && !same(base[key], theirs[key]),
  ).map((key) => ({ key, mine: mine[key], theirs: theirs[key] }))
}

/** What they changed and I did not: it comes in by itself. */
export const onlyTheirs = (base: ArticleContent, mine: ArticleContent, theirs: ArticleContent) =>
  FIELD_KEYS.filter((key) => same(base[key], mine[key]) && !same(base[key], theirs[key]))

/** Their content with my changes in it; where both changed a field, `mineFor` says whether mine stays. */
export function merged(
  base: ArticleContent,
  mine: ArticleContent,
  theirs: ArticleContent,
  mineFor: (key: FieldKey) => boolean,
): ArticleContent {
  const result: Record<string, unknown> = { ...theirs }
  for (const key of FIELD_KEYS) {
    if (same(base[key], mine[key])) continue
    if (same(base[key], theirs[key]) || mineFor(key)) result[key] = mine[key]
  }
  return result as unknown as ArticleContent
}

/** A field's value as words, for the two sides. */
export function fieldWords(value: unknown, names: (code: string) => string = (code) => code): string {
  if (value === null || value === undefined || value === '') return ''
  if (Array.isArray(value))
    return value
      .map((one: unknown) =>
        one && typeof one === 'object' ? String((one as { title?: string }).title ?? '') : names(String(one)),
      )
      .join('、')
  return names(String(value))
}
