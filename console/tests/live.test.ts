import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Change } from '@/api/events'
import { Problem } from '@/api/problem'
import { createLive } from '@/composables/live'

class FakeSource {
  static all: FakeSource[] = []
  readyState = 0
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  closed = false
  private readonly listeners = new Map<string, ((event: unknown) => void)[]>()
  constructor(readonly address: string) {
    FakeSource.all.push(this)
  }
  addEventListener(name: string, run: (event: unknown) => void): void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), run])
  }
  tell(name: string, data: unknown, lastEventId = ''): void {
    for (const run of this.listeners.get(name) ?? []) run({ data: JSON.stringify(data), lastEventId })
  }
  fail(): void {
    this.readyState = 2
    this.onerror?.()
  }
  close(): void {
    this.closed = true
  }
}
const change = (id: string) => ({ id, what: 'call', event: { id: `e${id}` } }) as unknown as Change

function setUp(answers: (Change[] | Error)[] = []) {
  let now = 0
  const asked: (string | null)[] = []
  const heard: string[] = []
  const gap = vi.fn()
  const live = createLive({
    on: (one) => heard.push(one.id),
    gap,
    now: () => now,
    open: (address) => new FakeSource(address) as unknown as EventSource,
    ask: async (after) => {
      asked.push(after)
      const answer = answers.shift() ?? []
      if (answer instanceof Error) throw answer
      return { items: answer, next_cursor: answer[answer.length - 1]?.id ?? after ?? '0', reset: false }
    },
  })
  return { live, heard, asked, gap, pass: (ms: number) => (now += ms), source: () => FakeSource.all[FakeSource.all.length - 1]! }
}
const settle = () => new Promise((done) => setTimeout(done))

describe('live changes', () => {
  beforeEach(() => {
    FakeSource.all = []
  })

  it('come by the stream, and what lies between reading and listening is read again', () => {
    const { live, heard, gap, source } = setUp()
    live.start()
    source().onopen?.()
    expect(gap).toHaveBeenCalledTimes(1)
    source().tell('change', change('7'), '7')
    expect(heard).toEqual(['7'])
    expect(live.mode.value).toBe('stream')
    live.stop()
  })

  it('say how fresh they are by the heartbeat', () => {
    const { live, pass, source } = setUp()
    live.start()
    source().onopen?.()
    pass(14_000)
    live.tick()
    expect(live.age.value).toBe(14_000)
    source().tell('heartbeat', {}, '3')
    expect(live.age.value).toBe(0)
    live.stop()
  })

  it('go on by asking from the last one seen when the stream is refused', async () => {
    const { live, heard, asked, source } = setUp([[change('9')]])
    live.start()
    source().onopen?.()
    source().tell('change', change('8'), '8')
    source().fail()
    await settle()
    expect(live.mode.value).toBe('poll')
    expect(asked).toEqual(['8'])
    expect(heard).toEqual(['8', '9'])
    live.stop()
  })

  it('leave a stream that has gone silent', async () => {
    const { live, pass, source } = setUp()
    live.start()
    source().onopen?.()
    const first = source()
    pass(36_000)
    live.tick()
    await settle()
    expect(first.closed).toBe(true)
    expect(live.mode.value).toBe('poll')
    live.stop()
  })

  it('wait a little for the browser while it reconnects by itself', async () => {
    const { live, pass, source } = setUp()
    live.start()
    source().onopen?.()
    source().onerror?.()
    pass(5000)
    live.tick()
    expect(live.mode.value).toBe('stream')
    pass(2000)
    live.tick()
    await settle()
    expect(live.mode.value).toBe('poll')
    live.stop()
  })

  it('do not wait for a stream that never began', async () => {
    const { live, asked, source } = setUp()
    live.start()
    source().onerror?.()
    await settle()
    expect(live.mode.value).toBe('poll')
    expect(asked).toEqual([null])
    live.stop()
  })

  it('say that nothing gets through', async () => {
    const { live, source } = setUp([new Problem({ status: 0, title: '网络不通' })])
    live.start()
    source().fail()
    await settle()
    expect(live.problem.value?.title).toBe('网络不通')
    live.stop()
  })

  it('ask for everything anew when the server has lost the place', () => {
    const { live, gap, source } = setUp()
    live.start()
    source().tell('reset', {})
    expect(gap).toHaveBeenCalledTimes(1)
    live.stop()
  })
})
