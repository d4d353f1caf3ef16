import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import {
  discardMessageDraft,
  messageKind,
  previewMessage,
  resetMessageWords,
  saveMessageDraft,
  activateMessageDraft,
  type KindDetail,
  type TemplatePreview,
  type Texts,
} from '@/api/messageTemplates'
import { useAction } from '@/composables/action'
import { useLoad } from '@/composables/load'
import { copyTexts, sameTexts, startingTexts } from '@/lib/messageTemplates'

/** After this many milliseconds without typing the preview is drawn anew. */
const PAUSE_MS = 350
const joined = (found: Record<string, string[]> | undefined) =>
  Object.fromEntries(Object.entries(found ?? {}).map(([field, texts]) => [field, texts.join('；')]))

/** The words of one kind: what is written, how it looks, and what can be done with it. */
export function useTemplate(key: string) {
  const read = useLoad(() => messageKind(key))
  const detail = shallowRef<KindDetail | null>(null)
  const texts = ref<Texts | null>(null)
  const start = shallowRef<Texts | null>(null)
  const note = ref('')
  const right = ref<'preview' | 'versions'>('preview')
  const sample = ref<'short' | 'long'>('short')

  const draft = computed(() => detail.value?.versions.find((one) => one.state === 'draft') ?? null)
  const active = computed(() => detail.value?.versions.find((one) => one.state === 'active') ?? null)
  const changed = computed(() => Boolean(texts.value && start.value && !sameTexts(texts.value, start.value)))

  function adopt(answer: KindDetail): void {
    detail.value = answer
    start.value = startingTexts(answer)
    texts.value = copyTexts(start.value)
    note.value = ''
  }
  async function load(): Promise<void> {
    const answer = await read.load()
    if (!answer) return
    adopt(answer)
    for (const one of Object.values(doing)) one.problem.value = null
  }

  const looking = useLoad((written: Texts) => previewMessage(key, written))
  const preview = computed<TemplatePreview | null>(() => looking.data.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    texts,
    (written, before) => {
      clearTimeout(timer)
      if (written) timer = setTimeout(() => void looking.load(written), before ? PAUSE_MS : 0)
    },
    { deep: true },
  )
  onBeforeUnmount(() => clearTimeout(timer))

  const etag = () => detail.value?.etag ?? ''
  const doing = {
    save: useAction(() => saveMessageDraft(key, texts.value!, note.value.trim(), etag()), { quiet: true, done: '草稿存好了' }),
    use: useAction((version: number) => activateMessageDraft(key, version, etag()), {
      quiet: true,
      done: '启用了，新写的消息按它说',
    }),
    discard: useAction(() => discardMessageDraft(key, etag()), { quiet: true, done: '丢弃了' }),
    reset: useAction(() => resetMessageWords(key, etag()), { quiet: true, done: '恢复自带的文字了' }),
  }
  const busy = computed(() => Object.values(doing).some((one) => one.busy.value))
  const problem = computed(() => Object.values(doing).find((one) => one.problem.value)?.problem.value ?? null)
  const after = (answer: KindDetail | null) => {
    if (answer) adopt(answer)
  }
  const clear = () => Object.values(doing).forEach((one) => (one.problem.value = null))
  const errors = computed(() => ({ ...joined(preview.value?.problems), ...(changed.value ? {} : problem.value?.errors) }))

  return {
    read,
    detail,
    texts,
    note,
    right,
    sample,
    draft,
    active,
    changed,
    preview,
    looking,
    busy,
    problem,
    errors,
    hints: computed(() => joined(preview.value?.warnings)),
    load,
    save: async () => {
      clear()
      if (texts.value && changed.value) after(await doing.save.act())
    },
    use: async (version: number) => {
      clear()
      after(await doing.use.act(version))
    },
    discard: async () => {
      clear()
      after(await doing.discard.act())
    },
    reset: async () => {
      clear()
      after(await doing.reset.act())
    },
    take: (other: Texts) => {
      texts.value = copyTexts(other)
      right.value = 'preview'
    },
  }
}
