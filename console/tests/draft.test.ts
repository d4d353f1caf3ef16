import { beforeEach, describe, expect, it } from 'vitest'
import { Problem } from '@/api/problem'
import type { StoredDraft } from '@/api/operator'
import { createDraft, type DraftOptions } from '@/composables/draft'

/** A server with one draft, a computer with a store, and a clock one turns by hand. */
class World {
  held = new Map<string, string>()
  stored: StoredDraft | null = null
  offline = false
  saves = 0
  waiting: (() => void)[] = []

  options(): DraftOptions {
    return {
      staffId: '1',
      labels: { words: '什么事' },
      blank: () => ({ words: '', address: '' }),
      store: {
        getItem: (key) => this.held.get(key) ?? null,
        setItem: (key, value) => void this.held.set(key, value),
        removeItem: (key) => void this.held.delete(key),
      },
      read: async () => {
        if (this.offline) throw new Problem({ status: 0 })
        return this.stored ?? { key: 'new', body: {}, version: 0, saved_at: null }
      },
      save: async (key, body, version) => {
        if (this.offline) throw new Problem({ status: 0 })
        if (this.stored && this.stored.version !== version) throw new Problem({ status: 409, code: 'draft_changed' })
        this.saves += 1
        this.stored = { key, body, version: (this.stored?.version ?? 0) + 1, saved_at: '2026-11-22T05:00:00Z' }
        return this.stored
      },
      drop: async () => (this.stored = null),
      later: (run) => {
        this.waiting.push(run)
        return 0 as unknown as ReturnType<typeof setTimeout>
      },
    }
  }
  async open() {
    const draft = createDraft('new', this.options())
    await draft.open()
    const type = (name: string, text: string) => {
      draft.body.value[name] = text
      draft.touched()
    }
    return { draft, type }
  }
}
let world: World
beforeEach(() => (world = new World()))

describe('a form that loses nothing', () => {
  it('is on this computer before the server has it', async () => {
    const { draft, type } = await world.open()
    type('words', '停水')
    expect([...world.held.values()].join()).toContain('停水')
    expect(draft.savedAt.value).toBeNull()
    await draft.send()
    expect(world.stored?.body.words).toBe('停水')
    expect(draft.savedAt.value).not.toBeNull()
  })
  it('comes back after a crash before the server heard of it', async () => {
    const first = await world.open()
    first.type('words', '文汇路停水')
    const second = await world.open()
    expect(second.draft.body.value.words).toBe('文汇路停水')
    await second.draft.send()
    expect(world.stored?.body.words).toBe('文汇路停水')
  })
  it('comes back with the line cut', async () => {
    const first = await world.open()
    first.type('words', '停')
    await first.draft.send()
    world.offline = true
    first.type('words', '停水')
    await first.draft.send()
    expect(first.draft.problem.value?.title).toBe('网络不通')
    const second = await world.open()
    expect(second.draft.body.value.words).toBe('停水')
    world.offline = false
    await second.draft.send()
    expect(world.stored?.body.words).toBe('停水')
    expect(second.draft.problem.value).toBeNull()
  })
  it('sends nothing that nobody wrote', async () => {
    const { draft } = await world.open()
    await draft.send()
    expect(world.saves).toBe(0)
  })
  it('joins what another window wrote elsewhere in it', async () => {
    const { draft, type } = await world.open()
    type('words', '停水')
    await draft.send()
    world.stored = { key: 'new', body: { words: '停水', address: '文汇路' }, version: 9, saved_at: '' }
    type('words', '停水两天')
    await draft.send()
    expect(draft.merged.value).toBeNull()
    expect(draft.body.value).toEqual({ words: '停水两天', address: '文汇路' })
    await draft.send()
    expect(world.stored.body).toEqual({ words: '停水两天', address: '文汇路' })
  })
  it('holds both texts until somebody chooses, and saves none meanwhile', async () => {
    const { draft, type } = await world.open()
    type('words', '停水')
    await draft.send()
    world.stored = { key: 'new', body: { words: '停电', address: '' }, version: 9, saved_at: '' }
    type('words', '停水两天')
    await draft.send()
    expect(draft.merged.value?.clashes).toMatchObject([{ mine: '停水两天', theirs: '停电' }])
    await draft.send()
    expect(world.stored.body.words).toBe('停电')
    draft.choose({ words: 'both' })
    await draft.send()
    expect(world.stored.body.words).toBe('停水两天\n停电')
  })
  it('asks at the opening when both went on', async () => {
    const first = await world.open()
    first.type('words', '停')
    await first.draft.send()
    first.type('words', '停水')
    world.stored = { key: 'new', body: { words: '停电', address: '' }, version: 5, saved_at: '' }
    const second = await world.open()
    expect(second.draft.merged.value?.clashes).toHaveLength(1)
  })
  it('goes everywhere once the thing is done', async () => {
    const { draft, type } = await world.open()
    type('words', '停水')
    await draft.send()
    await draft.done()
    expect(world.stored).toBeNull()
    expect(world.held.size).toBe(0)
    expect(draft.body.value.words).toBe('')
  })
})
