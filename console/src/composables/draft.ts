import { onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { dropDraft, readDraft, saveDraft, type StoredDraft } from '@/api/operator'
import { asProblem, type Problem } from '@/api/problem'
import { forget, isWritten, keep, opening, readKept, type KeptDraft, type Store } from '@/lib/drafts'
import { mergeThree, resolve, sameBody, type Body, type Merged, type Side } from '@/lib/merging'

export interface DraftOptions {
  staffId: string
  labels: Record<string, string>
  blank: () => Body
  store?: Store
  read?: (key: string) => Promise<StoredDraft>
  save?: (key: string, body: Body, version: number) => Promise<StoredDraft>
  drop?: (key: string) => Promise<unknown>
  now?: () => string
  later?: (run: () => void, after: number) => ReturnType<typeof setTimeout>
}

const SEND_MS = 1_500
const RETRY_MS = 8_000

/**
 * A form that loses nothing: each change is on this computer at once and on the server a moment
 * later. When the server's copy was changed elsewhere meanwhile, what only one side changed is
 * merged, and for the rest `merged` holds both texts until somebody chooses.
 */
export function createDraft(key: string, options: DraftOptions) {
  const store = options.store ?? localStorage
  const read = options.read ?? readDraft
  const save = options.save ?? saveDraft
  const drop = options.drop ?? dropDraft
  const now = options.now ?? (() => new Date().toISOString())
  const later = options.later ?? ((run, after) => setTimeout(run, after))

  const body = ref<Body>(options.blank())
  const ready = ref(false)
  /** When the server last had all of it; null while something is only here. */
  const savedAt = ref<string | null>(null)
  const problem = shallowRef<Problem | null>(null)
  /** True once this computer could not keep it either. */
  const homeless = ref(false)
  const merged = shallowRef<Merged | null>(null)
  let base: Body = {}
  let version = 0
  let theirs: StoredDraft | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let sending: Promise<void> | null = null
  let closed = false
  /** What the form held when it was last looked at: a difference is somebody's typing. */
  let seen: Body = { ...body.value }

  const kept = (): KeptDraft => ({ body: { ...body.value }, base, version, keptAt: now() })
  const keepHere = () => (homeless.value = !keep(options.staffId, key, kept(), store))

  async function stored(): Promise<StoredDraft | null> {
    try {
      const found = await read(key)
      return found.version ? found : null
    } catch (error) {
      problem.value = asProblem(error)
      return null
    }
  }

  async function open(): Promise<void> {
    const here = readKept(options.staffId, key, store)
    const there = await stored()
    // A server that cannot be asked is no reason to treat what is here as a first draft.
    const how = problem.value && here ? { how: 'kept' as const, draft: here } : opening(here, there)
    if (how.how !== 'blank') {
      body.value = { ...options.blank(), ...how.draft.body }
      base = how.draft.base
      version = how.draft.version
    }
    if (how.how === 'stored') savedAt.value = there?.saved_at ?? null
    if (how.how === 'clash' && there) meet(there)
    else if (how.how === 'kept') plan()
    seen = { ...body.value }
    ready.value = true
  }

  /** The server has other words than those written upon. */
  function meet(other: StoredDraft): void {
    theirs = other
    const found = mergeThree(base, body.value, other.body, options.labels)
    if (found.clashes.length) merged.value = found
    else settle(found.body)
  }
  function settle(agreed: Body): void {
    if (theirs) [base, version] = [theirs.body, theirs.version]
    theirs = null
    merged.value = null
    body.value = { ...agreed }
    changed()
  }
  function choose(choices: Record<string, Side>): void {
    if (merged.value) settle(resolve(merged.value, choices))
  }

  function changed(): void {
    seen = { ...body.value }
    savedAt.value = null
    keepHere()
    plan()
  }
  /** Called when the form may have been typed in. */
  function touched(): void {
    if (ready.value && !sameBody(body.value, seen)) changed()
  }
  function plan(after = SEND_MS): void {
    clearTimeout(timer)
    if (!closed) timer = later(() => void send(), after)
  }

  async function sendNow(): Promise<void> {
    const sent = { ...body.value }
    if (merged.value || (sameBody(sent, base) && version > 0)) return
    if (version === 0 && !isWritten(sent, options.blank())) return
    try {
      const answer = await save(key, sent, version)
      if (closed) return
      base = sent
      version = answer.version
      problem.value = null
      keepHere()
      if (sameBody(body.value, sent)) savedAt.value = answer.saved_at
      else plan()
    } catch (error) {
      if (closed) return
      const why = asProblem(error)
      const other = why.code === 'draft_changed' ? await stored() : null
      if (other) return meet(other)
      problem.value = why
      plan(RETRY_MS)
    }
  }
  /** Sends what is unsent; one request at a time. */
  async function send(): Promise<void> {
    clearTimeout(timer)
    if (closed) return
    while (sending) await sending
    sending = sendNow().finally(() => (sending = null))
    await sending
  }

  /** The thing is done: its draft goes, here and there. */
  async function done(): Promise<void> {
    clearTimeout(timer)
    while (sending) await sending
    const had = version > 0
    ;[base, version, theirs] = [{}, 0, null]
    merged.value = null
    body.value = options.blank()
    seen = { ...body.value }
    savedAt.value = null
    forget(options.staffId, key, store)
    if (!had) return
    try {
      await drop(key)
    } catch {
      // It shows up again when the desk opens next, and can be thrown away then.
    }
  }
  function close(): void {
    clearTimeout(timer)
    closed = true
  }
  return { body, ready, savedAt, problem, homeless, merged, open, touched, send, choose, done, close }
}

export type Draft = ReturnType<typeof createDraft>

/** As above for the length of a component; what is typed is kept as it is typed. */
export function useDraft(key: string, options: DraftOptions): Draft {
  const draft = createDraft(key, options)
  watch(draft.body, draft.touched, { deep: true })
  const leaving = () => void draft.send()
  void draft.open()
  window.addEventListener('pagehide', leaving)
  onBeforeUnmount(() => {
    window.removeEventListener('pagehide', leaving)
    void draft.send()
    draft.close()
  })
  return draft
}
