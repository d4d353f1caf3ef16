import { onUnmounted, ref } from 'vue'
import { comments, type CommentCan, type CommentSort, type ReportWhy, type TopicComment } from '@/api/council'
import { toast, toastError } from '@/lib/toast'
import { useList } from '@/lib/use-list'
import { uuid } from '@/lib/uuid'

export const SORTS: { code: CommentSort; text: string }[] = [
  { code: 'newest', text: '最新' },
  { code: 'oldest', text: '最早' },
  { code: 'liked', text: '赞最多' },
  { code: 'official', text: '官方答复' },
]

/** A check takes a moment: how often, and how many times, the author's page looks again. */
const LOOK_MS = 3_000
const LOOKS = 10

/** The comments of a topic, their replies, and what is being done to one of them. */
export function useComments(topic: () => string) {
  const sort = ref<CommentSort>('newest')
  const list = useList<TopicComment>((cursor) => comments.list(topic(), sort.value, null, cursor))
  const replies = ref<Record<string, TopicComment[]>>({})
  /** Null: a comment on the topic itself. */
  const asked = ref<{ what: 'comment' | CommentCan; one: TopicComment | null } | null>(null)

  function choose(next: CommentSort): void {
    if (next === sort.value) return
    sort.value = next
    replies.value = {}
    list.clear()
    void list.load()
  }

  async function loadReplies(id: string): Promise<void> {
    replies.value = { ...replies.value, [id]: (await comments.list(topic(), 'oldest', id)).items }
  }
  async function toggle(id: string): Promise<void> {
    if (replies.value[id]) {
      const { [id]: _, ...rest } = replies.value
      replies.value = rest
      return
    }
    await loadReplies(id).catch(toastError)
  }

  /** The comment as it is now, wherever it is shown. */
  function take(one: TopicComment): void {
    list.items.value = list.items.value.map((before) => (before.id === one.id ? one : before))
    const parent = one.parent_id
    if (parent && replies.value[parent]) replies.value = { ...replies.value, [parent]: replies.value[parent].map((before) => (before.id === one.id ? one : before)) }
  }

  async function like(one: TopicComment): Promise<void> {
    await comments.like(one.id, !one.liked, uuid()).then(take, toastError)
  }
  async function withdraw(one: TopicComment): Promise<void> {
    try {
      await comments.withdraw(one.id, uuid())
      toast('撤回了')
      await (one.parent_id ? loadReplies(one.parent_id) : list.load())
    } catch (error) {
      toastError(error)
    }
  }

  function ask(what: 'comment' | CommentCan, one: TopicComment | null): void {
    if (what === 'like' && one) void like(one)
    else asked.value = { what, one }
  }

  /** What the open question sends. */
  const say = (key: string, words: string, files: string[]): Promise<TopicComment> => {
    const { what, one } = asked.value ?? { what: 'comment', one: null }
    if (what === 'edit' && one) return comments.edit(one.id, words, key)
    if (what === 'appeal' && one) return comments.appeal(one.id, words, key)
    return comments.write(topic(), words, what === 'reply' && one ? one.id : null, files, key)
  }
  const report = (key: string, why: ReportWhy, words: string): Promise<unknown> => comments.report(asked.value?.one?.id ?? '', why, words, key)

  let left = false
  onUnmounted(() => {
    left = true
  })
  /** Shows what came of the check as soon as it is over. */
  function follow(one: TopicComment, looks = LOOKS): void {
    if (one.notice?.experience !== 'checking' || !looks) return
    setTimeout(async () => {
      if (left) return
      const found = await comments.list(topic(), 'newest', one.parent_id).then(({ items }) => items.find(({ id }) => id === one.id), () => undefined)
      if (found) take(found)
      follow(found ?? one, looks - 1)
    }, LOOK_MS)
  }

  /** Told what came of it: a new one is shown at once, to its author. */
  async function said(answer: TopicComment): Promise<void> {
    const { what, one } = asked.value ?? { what: 'comment', one: null }
    asked.value = null
    if (what === 'edit' || what === 'appeal') take(answer)
    else if (what === 'reply' && one) {
      take({ ...one, replies: one.replies + 1 })
      await loadReplies(one.id).catch(toastError)
    } else list.items.value = [answer, ...list.items.value]
    follow(answer)
    toast(answer.state === 'visible' ? '发出去了' : '收到了，检查后邻居就能看到')
  }
  function reported(): void {
    asked.value = null
    toast('收到了，工作人员会看')
  }
  return { sort, list, replies, asked, choose, toggle, ask, say, report, said, reported, withdraw }
}
