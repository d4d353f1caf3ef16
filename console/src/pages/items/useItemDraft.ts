import { computed, ref, shallowRef, watch } from 'vue'
import { MessagePlugin } from 'tdesign-vue-next/es/message'
import * as api from '@/api/items'
import type { ItemContent, StaffItem } from '@/api/types'
import { useAction } from '@/composables/action'
import { confirm } from '@/composables/confirm'
import { useLoad } from '@/composables/load'
import { changes } from '@/lib/diff'
import { FIELD_LABELS, blankContent, spoken } from '@/lib/itemFields'

interface Kept {
  etag: string
  content: ItemContent
}

/**
 * The editing of one item: what the server has, what is on the form, and what differs.
 * Unsaved words are kept on this computer until they are saved, so a lost connection or a
 * closed window loses nothing.
 */
export function useItemDraft(id: string) {
  const keptAt = `hy.console.item.${id}`
  const content = ref<ItemContent>(blankContent())
  const server = shallowRef<StaffItem | null>(null)
  const saved = ref('')
  const restored = ref(false)
  const errors = ref<Record<string, string>>({})

  const source = useLoad(() => api.item(id))
  const dirty = computed(() => Boolean(server.value) && JSON.stringify(content.value) !== saved.value)
  const differences = computed(() =>
    server.value?.live ? changes(spoken(server.value.live), spoken(content.value), FIELD_LABELS) : [],
  )

  function take(item: StaffItem, keep = false): void {
    server.value = item
    const base = { ...blankContent(), ...(item.draft ?? item.live) }
    saved.value = JSON.stringify(base)
    if (!keep) content.value = structuredClone(base)
    errors.value = Object.fromEntries(item.problems.map((problem) => [problem.field, problem.text]))
  }

  async function load(): Promise<void> {
    const item = await source.load()
    if (!item) return
    take(item)
    const kept = JSON.parse(localStorage.getItem(keptAt) ?? 'null') as Kept | null
    restored.value = Boolean(kept && kept.etag === item.etag && JSON.stringify(kept.content) !== saved.value)
    if (kept && restored.value) content.value = kept.content
    else localStorage.removeItem(keptAt)
  }

  watch(
    content,
    () => {
      if (!server.value) return
      if (dirty.value)
        localStorage.setItem(keptAt, JSON.stringify({ etag: server.value.etag, content: content.value }))
      else localStorage.removeItem(keptAt)
    },
    { deep: true },
  )

  function forget(): void {
    localStorage.removeItem(keptAt)
    restored.value = false
    if (server.value) take(server.value)
  }

  const saving = useAction((etag: string) => api.saveDraft(id, content.value, etag), { quiet: true })
  const publishing = useAction(() => api.publish(id), { quiet: true })

  function showErrors(found: Record<string, string>): void {
    errors.value = Object.fromEntries(
      Object.entries(found).map(([path, text]) => [path.replace(/^content\./, ''), text]),
    )
  }

  async function save(etag = server.value?.etag ?? ''): Promise<boolean> {
    const item = await saving.act(etag)
    if (item) {
      localStorage.removeItem(keptAt)
      restored.value = false
      take(item)
      void MessagePlugin.success('草稿保存好了')
      return true
    }
    const problem = saving.problem.value
    if (problem?.status === 412) return overwrite()
    if (problem) {
      showErrors(problem.errors)
      void MessagePlugin.error({
        content: Object.keys(problem.errors).length ? '有几处要改，已经标在表单上' : problem.sentence,
        duration: 6000,
      })
    }
    return false
  }

  /** Somebody else saved meanwhile: the person decides whose words stay. */
  async function overwrite(): Promise<boolean> {
    const theirs = await source.load()
    if (!theirs) return false
    const mine = await confirm({
      title: '别人刚保存过这个事项',
      detail: '用您的内容盖过去，还是先不保存？先不保存时，您写的还在页面上，可以在“差别”里对照。',
      yes: '用我的内容保存',
      danger: true,
    })
    if (!mine) {
      server.value = { ...theirs, etag: server.value?.etag ?? theirs.etag }
      return false
    }
    server.value = theirs
    return save(theirs.etag)
  }

  async function publish(): Promise<boolean> {
    if (dirty.value && !(await save())) return false
    const item = await publishing.act()
    if (item) {
      take(item)
      void MessagePlugin.success(`发布好了，现在线上是第 ${item.live_version} 版`)
      return true
    }
    const problem = publishing.problem.value
    if (problem) {
      showErrors(problem.errors)
      void MessagePlugin.error({ content: problem.sentence, duration: 8000 })
    }
    return false
  }

  return {
    content,
    server,
    source,
    dirty,
    restored,
    errors,
    differences,
    saving,
    publishing,
    load,
    save,
    publish,
    forget,
  }
}
