import type { AnswerKind, AnswerRef } from '@/api/answers'
import { to } from '@/lib/nav'

export const KIND_TEXT: Record<AnswerKind, string> = { article: '解答', item: '办事指南' }

/** The page of an answer; an article remembers what was asked, so that it can be judged. */
export const pageOf = ({ kind, id }: AnswerRef, q = ''): string => (kind === 'item' ? to.item(id) : to.article(id, q))
