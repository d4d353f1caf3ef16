import { describe, expect, it } from 'vitest'
import type { EventCard, EventDetail, EventFilter } from '@/api/events'
import { NO_FILTER, dropFilter, keepFilter, nameProblem, readFilters, sameFilter } from '@/lib/deskFilters'
import { ACTIONS, actionsFor, bodyOf, missingFields, momentValue, type Field } from '@/lib/eventActions'
import { amount, matches, placeText, remaining, upsert } from '@/lib/events'
import { gather, tasksOf } from '@/lib/tasks'

export function card(more: Partial<EventCard> = {}): EventCard {
  return {
    id: '1',
    number: 'E261122-000001-1',
    title: '井盖缺失',
    category: { code: 'well', name: '井盖缺失' },
    urgency: 'normal',
    urgency_text: '一般',
    source_text: '群众上报',
    state: 'called',
    state_text: '待认领',
    street_name: '越和街道',
    community_name: '榕荫社区',
    cell_name: '榕荫里网格',
    address: '文汇路 12 号',
    latitude: 20.5,
    longitude: 115.3,
    gcj02: null,
    called_at: '2026-11-22T09:00:00+08:00',
    callers_count: 1,
    lead_name: null,
    level_text: '网格员',
    light: 'green',
    clock: null,
    photo_url: null,
    distance_m: null,
    mine: null,
    on_hold: false,
    orders_open: 0,
    version: 1,
    ...more,
  }
}
const filter = (more: Partial<EventFilter>): EventFilter => ({ ...NO_FILTER, ...more })
const names = {
  street: (id: string) => (id === 's1' ? '越和街道' : ''),
  family: (code: string) => (code === 'city' ? ['city', 'well'] : [code]),
}

describe('what is left of a limit', () => {
  const now = new Date('2026-11-22T10:00:00+08:00')
  const due = (at: string, paused = false) => remaining({ due_at: at, paused }, now)
  it.each([
    ['2026-11-22T10:25:00+08:00', '还有 25 分钟'],
    ['2026-11-22T12:50:00+08:00', '还有 3 小时'],
    ['2026-11-22T09:58:00+08:00', '超了 2 分钟'],
    ['2026-11-19T10:00:00+08:00', '超了 3 天'],
    ['2026-11-22T10:00:10+08:00', '还有 1 分钟'],
  ])('%s reads %s', (at, text) => expect(due(at)).toBe(text))
  it('stands still on hold, and says so', () =>
    expect(due('2026-11-22T09:00:00+08:00', true)).toBe('挂账，不计时'))
  it('is a dash without a clock', () => expect(remaining(null)).toBe('—'))
  it('uses one unit', () => expect([59, 90, 47 * 60, 48 * 60].map(amount)).toEqual(['59 分钟', '2 小时', '47 小时', '2 天']))
})

describe('a changed event on the desk', () => {
  it.each<[Partial<EventFilter>, Partial<EventCard>, boolean]>([
    [{}, {}, true],
    [{}, { state: 'closed' }, false],
    [{ state: 'all' }, { state: 'closed' }, true],
    [{ state: 'claimed' }, { state: 'called' }, false],
    [{ street: 's1' }, {}, true],
    [{ street: 's1' }, { street_name: '东洲街道' }, false],
    [{ category: 'city' }, {}, true],
    [{ category: 'noise' }, {}, false],
    [{ light: 'red' }, {}, false],
    [{ source: 'resident' }, {}, true],
    [{ source: 'wechat' }, {}, false],
    [{ q: '文汇 井盖' }, {}, true],
    [{ q: '路灯' }, {}, false],
  ])('under %o, %o is shown: %s', (wanted, event, shown) =>
    expect(matches(card(event), filter(wanted), names)).toBe(shown),
  )

  it('comes first when new, stays in its place when known, goes when it no longer fits', () => {
    const rows = [card({ id: 'a' }), card({ id: 'b' })]
    expect(upsert(rows, card({ id: 'c' }), true).map((row) => row.id)).toEqual(['c', 'a', 'b'])
    expect(upsert(rows, card({ id: 'b', version: 2, title: '新' }), true)[1]?.title).toBe('新')
    expect(upsert(rows, card({ id: 'a' }), false).map((row) => row.id)).toEqual(['b'])
    expect(upsert(rows, card({ id: 'c' }), false)).toBe(rows)
  })
  it('is not put back by an older answer', () => {
    const rows = [card({ version: 5, title: '新' })]
    expect(upsert(rows, card({ version: 4, title: '旧' }), true)[0]?.title).toBe('新')
  })
  it('says where it is', () => {
    expect(placeText(card())).toBe('越和街道 · 榕荫社区 · 榕荫里网格')
    expect(placeText(card({ street_name: '', community_name: '', cell_name: '' }))).toContain('不知道')
  })
})

describe('kept filters', () => {
  function store(): Pick<Storage, 'getItem' | 'setItem'> {
    const kept = new Map<string, string>()
    return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) }
  }
  it('belong to one person, are replaced by name and can be dropped', () => {
    const place = store()
    keepFilter('a', '越和超时', filter({ street: 's1', light: 'red' }), place)
    keepFilter('a', '越和超时', filter({ street: 's1' }), place)
    expect(readFilters('a', place)).toEqual([{ name: '越和超时', filter: filter({ street: 's1' }) }])
    expect(readFilters('b', place)).toEqual([])
    expect(dropFilter('a', '越和超时', place)).toEqual([])
  })
  it('survive what somebody wrote over them', () => {
    expect(readFilters('a', { getItem: () => '{nonsense' , setItem: () => undefined })).toEqual([])
    expect(readFilters('a', { getItem: () => '[{"name":1},null]', setItem: () => undefined })).toEqual([])
  })
  it('need a short name', () => {
    expect(nameProblem(' ')).toContain('名字')
    expect(nameProblem('一'.repeat(17))).toContain('16')
    expect(nameProblem('越和')).toBe('')
  })
  it('are compared by what they say', () => expect(sameFilter(filter({ q: '井盖 ' }), filter({ q: '井盖' }))).toBe(true))
})

describe('actions', () => {
  it('are those the server allows, in the order of the buttons', () => {
    expect(actionsFor(['note', 'assign', 'close', 'correct']).map((one) => one.code)).toEqual([
      'assign',
      'note',
      'urgency',
      'category',
      'place',
    ])
    expect(actionsFor([])).toEqual([])
  })
  it('have one key each', () => {
    const keys = ACTIONS.flatMap((one) => one.key ?? [])
    expect(new Set(keys).size).toBe(keys.length)
  })
  const fields: Field[] = [
    { name: 'words', label: '督办要求', kind: 'text' },
    { name: 'due_at', label: '期限', kind: 'moment' },
    { name: 'note', label: '说明', kind: 'text', optional: true },
    { name: 'file_ids', label: '照片', kind: 'photos', optional: true },
    { name: 'sure', label: '确定', kind: 'check' },
  ]
  it('say what is missing', () =>
    expect(Object.keys(missingFields(fields, { words: ' ', due_at: '' }))).toEqual(['words', 'due_at']))
  it('send times of Shanghai, lists of files, and nothing that is empty', () => {
    expect(momentValue('2026-11-23T18:00')).toBe('2026-11-23T18:00:00+08:00')
    expect(
      bodyOf(fields, { words: ' 快办 ', due_at: '2026-11-23T18:00', note: '', file_ids: 'a,b', sure: 'yes' }),
    ).toEqual({ words: '快办', due_at: '2026-11-23T18:00:00+08:00', file_ids: ['a', 'b'], sure: true })
  })
})

describe('my tasks', () => {
  const detail = (more: Partial<EventDetail>) =>
    ({ ...card(), whistles: [], subtasks: [], ...more }) as unknown as EventDetail
  const whistle = {
    id: 'w',
    department_id: 'd',
    department_name: '城管局',
    what: '清理积水',
    hard: false,
    state: 'called' as const,
    state_text: '待签收',
    due_at: '2026-11-22T11:00:00+08:00',
    light: 'green' as const,
    note: '',
    can: ['sign', 'return'],
  }
  it('are whistles and parts I can act on, the earliest limit first', () => {
    const found = tasksOf([
      detail({ whistles: [whistle, { ...whistle, id: 'other', can: [] }] }),
      detail({
        subtasks: [
          {
            id: 's',
            what: '拉警戒线',
            who_text: '刘霞',
            staff_id: 'x',
            department_id: null,
            mandatory: true,
            state: 'waiting',
            state_text: '待接收',
            due_at: '2026-11-22T10:00:00+08:00',
            light: 'yellow',
            result: '',
            photos: [],
            can: ['accept', 'give_back', 'withdraw'],
          },
        ],
      }),
    ])
    expect(found.map((task) => [task.id, task.steps.map((step) => step.step)])).toEqual([
      ['s', ['accept', 'return']],
      ['w', ['sign', 'return']],
    ])
  })
  it('are gathered in order, without those that cannot be read', async () => {
    const ask = async (id: string) => {
      if (id === 'bad') throw new Error('gone')
      return id.toUpperCase()
    }
    expect(await gather(['a', 'bad', 'c'], ask, 2)).toEqual(['A', 'C'])
  })
})
