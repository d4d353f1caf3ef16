import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import { changes as askChanges, type Change, type ChangeList } from '@/api/events'

export interface LiveOptions {
  /** Called for each change, oldest first; after a reconnection perhaps twice for the same one. */
  on: (change: Change) => void
  /** Called when the feed begins, and when changes may have been missed: read everything (again). */
  gap?: () => void
  open?: (address: string) => EventSource
  ask?: (after: string | null) => Promise<ChangeList>
  now?: () => number
}

const STREAM = '/api/v1/staff/events/stream'
/** The server's heart beats every 15 s; after two missed beats the line counts as dead. */
const SILENT_MS = 35_000
/** How long the browser may try to get a broken stream back. */
const PATIENCE_MS = 6_000
const POLL_MS = 2_000
const CLOSED = 2
/** How often a fallen-back page tries the stream again. */
const RETRY_MS = 60_000

/**
 * The feed of changed events, by server-sent events; when the stream cannot be had (a proxy, an
 * error), quietly by asking every two seconds from the last change seen. `age` says how fresh it is.
 */
export function createLive(options: LiveOptions) {
  const now = options.now ?? (() => Date.now())
  const open = options.open ?? ((address: string) => new EventSource(address))
  const ask = options.ask ?? askChanges
  const problem = shallowRef<Problem | null>(null)
  const age = ref(0)
  const loaded = ref(false)
  const mode = ref<'stream' | 'poll'>('stream')
  let last: string | null = null
  let source: EventSource | null = null
  let heardAt = now()
  let brokenAt: number | null = null
  let poller: ReturnType<typeof setTimeout> | undefined
  let retryAt = 0
  let stopped = false

  function heard(): void {
    heardAt = now()
    brokenAt = null
    age.value = 0
    loaded.value = true
    problem.value = null
  }

  function take(change: Change): void {
    last = change.id
    options.on(change)
  }

  function message(event: MessageEvent<string>): void {
    heard()
    take(JSON.parse(event.data) as Change)
  }

  /** What happened between the page's first reading and the feed's start must not be missed. */
  let begun = false
  function begin(): void {
    if (!begun) options.gap?.()
    begun = true
  }

  function startStream(): void {
    source?.close()
    // A page opened anew cannot send Last-Event-ID itself; the address carries it then.
    source = open(last ? `${STREAM}?after=${encodeURIComponent(last)}` : STREAM)
    source.onopen = () => {
      heard()
      mode.value = 'stream'
      clearTimeout(poller)
      begin()
    }
    source.addEventListener('change', (event) => message(event as MessageEvent<string>))
    source.addEventListener('heartbeat', (event) => {
      heard()
      const id = (event as MessageEvent<string>).lastEventId
      if (id) last = id
    })
    source.addEventListener('reset', () => options.gap?.())
    // The session is over: the next question tells so, and the sign-in page comes.
    source.addEventListener('end', fallBack)
    source.onerror = () => {
      // A stream that has worked: the browser tries again by itself, with Last-Event-ID, for a while.
      if (source?.readyState === CLOSED || !loaded.value) fallBack()
      else brokenAt ??= now()
    }
  }

  function fallBack(): void {
    source?.close()
    source = null
    mode.value = 'poll'
    brokenAt = null
    retryAt = now() + RETRY_MS
    clearTimeout(poller)
    void poll()
  }

  async function poll(): Promise<void> {
    try {
      const answer = await ask(last)
      heard()
      begin()
      if (answer.reset) options.gap?.()
      answer.items.forEach(take)
      if (answer.next_cursor) last = answer.next_cursor
    } catch (error) {
      problem.value = asProblem(error)
    }
    if (stopped || mode.value !== 'poll') return
    if (now() >= retryAt && !problem.value) {
      retryAt = now() + RETRY_MS
      startStream()
    }
    poller = setTimeout(() => void poll(), problem.value ? POLL_MS * 3 : POLL_MS)
  }

  /** Once a second: how old, and whether the line has gone silent. */
  function tick(): void {
    age.value = now() - heardAt
    const broken = brokenAt !== null && now() - brokenAt > PATIENCE_MS
    if (mode.value === 'stream' && (broken || age.value > SILENT_MS)) fallBack()
  }

  function start(): void {
    startStream()
  }
  function stop(): void {
    stopped = true
    source?.close()
    clearTimeout(poller)
  }
  return { start, stop, tick, age, problem, loaded, mode }
}

/** As above for the length of a component. */
export function useLive(options: LiveOptions) {
  const live = createLive(options)
  let ticker: ReturnType<typeof setInterval> | undefined
  onMounted(() => {
    live.start()
    ticker = setInterval(live.tick, 1000)
  })
  onBeforeUnmount(() => {
    live.stop()
    clearInterval(ticker)
  })
  return { ...live, polling: computed(() => live.mode.value === 'poll') }
}
