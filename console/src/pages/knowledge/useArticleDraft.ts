import { computed, shallowRef } from 'vue'
import { article as askArticle, saveArticle, type Article, type ArticleContent } from '@/api/knowledge'
import type { StoredDraft } from '@/api/operator'
import { useDraft } from '@/composables/draft'
import { session } from '@/composables/session'
import { FIELD_NAMES, bodyOf, contentOf } from '@/lib/articleMerge'
import { Problem, asProblem } from '@/api/problem'
import { BLANK_CONTENT } from '@/lib/knowledge'

/**
 * The draft of one article under edit. It is kept as the operators' forms are: on this computer at
 * once, on the server a moment later, and merged field by field when somebody else saved meanwhile.
 */
export function useArticleDraft(id: string) {
  const server = shallowRef<Article | null>(null)

  function stored(found: Article): StoredDraft {
    server.value = found
    const content = found.draft ?? BLANK_CONTENT
    return { key: id, body: bodyOf(content), version: Number(found.etag), saved_at: found.draft?.saved_at ?? found.updated_at }
  }
  const draft = useDraft(`article.${id}`, {
    staffId: session.staff?.id ?? '',
    labels: FIELD_NAMES,
    blank: () => bodyOf(BLANK_CONTENT),
    read: async () => stored(await askArticle(id)),
    save: async (_key, body, version) => {
      // Sent to review meanwhile, or not ours: the words stay here until it comes back.
      if (!server.value?.can.includes('save')) throw new Problem({ status: 400, title: '这一版现在不能改' })
      try {
        return stored(await saveArticle(id, contentOf(body), version))
      } catch (error) {
        const why = asProblem(error)
        // Somebody else saved: the draft reads what there is now and merges.
        throw why.status === 412 ? new Problem({ status: 412, code: 'draft_changed', title: why.title }) : why
      }
    },
    // The draft is the article's own: it goes with the article's steps, not from here.
    drop: async () => undefined,
  })
  const content = computed<ArticleContent>(() => contentOf(draft.body.value))
  /** What keeps it from review, by field, as of the last saving. */
  const wrong = computed(() =>
    Object.fromEntries((server.value?.problems ?? []).map((one) => [one.field, one.text] as const)),
  )
  /** Refusals of the server, at their fields. */
  const errors = computed(() => draft.problem.value?.errors ?? {})
  return { ...draft, server, content, wrong, errors }
}

export type ArticleDraft = ReturnType<typeof useArticleDraft>
