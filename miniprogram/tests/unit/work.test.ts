import { describe, expect, it } from 'vitest'
import type { EventDetail } from '@/api/worker'
import { clockLine, draftEvent, expected, lasting } from '@/lib/work'
import { offered } from '@/packages/worker/lib/actions'
import { FORMS, gaps, packed } from '@/packages/worker/lib/forms'
import { metres, walked, worth, type TrackPoint } from '@/packages/worker/lib/track-rules'
import type { Job } from '@/stores/outbox-rules'

const job = (given: Partial<Job>): Job => ({
  id: '11111111-1111-4111-8111-111111111111', owner: 'p', at: 0, turn: 1, kind: 'report', title: '报', about: '', path: '', body: {},
  filesPath: '', photos: [], state: 'waiting', problem: null, tries: 0, nextAt: 0, firstTriedAt: 0, round: 0, ...given,
})
const event = { ...draftEvent(job({})), id: 'e1', can: ['claim', 'transfer'], mine: 'candidate' } as EventDetail

describe('time', () => {
  it.each([[30_000, '不到 1 分钟'], [12 * 60_000, '12 分钟'], [125 * 60_000, '2 小时 5 分钟'], [120 * 60_000, '2 小时'], [76 * 3_600_000, '3 天 4 小时'], [48 * 3_600_000, '2 天']])(
    '%i ms are %s', (ms, words) => expect(lasting(ms)).toBe(words),
  )
  it('says what is left, what has run over, and that a pause does not count', () => {
    const now = new Date('2026-11-22T10:00:00+08:00')
    const clock = { kind: 'claim', kind_text: '认领', due_at: '2026-11-22T10:12:00+08:00', paused: false }
    expect(clockLine(clock, now)).toBe('认领还剩 12 分钟')
    expect(clockLine({ ...clock, due_at: '2026-11-22T08:00:00+08:00' }, now)).toBe('认领已超 2 小时')
    expect(clockLine({ ...clock, paused: true }, now)).toBe('挂账中，不计时')
    expect([clockLine(null, now), clockLine({ ...clock, due_at: null }, now)]).toEqual(['', ''])
  })
})

describe('what still waits on the phone is shown as done', () => {
  it('a claim, a visit and a start, one after the other', () => {
    const jobs = [job({ kind: 'claim', about: 'e1' }), job({ kind: 'schedule', about: 'e1' }), job({ kind: 'start', about: 'e1' })]
    const seen = expected(event, jobs)
    expect([seen.state, seen.state_text, seen.mine]).toEqual(['in_progress', '处置中', 'lead'])
    expect(seen.can).toContain('dispose')
    expect(event.can).toEqual(['claim', 'transfer'])
  })
  it('not for another event, a refused action or one that changes no state', () => {
    const jobs = [job({ kind: 'claim', about: 'e2' }), job({ kind: 'claim', about: 'e1', state: 'refused' }), job({ kind: 'note', about: 'e1' })]
    expect(expected(event, jobs)).toEqual(event)
  })
  it('a report not sent yet can be claimed and disposed of', () => {
    const draft = draftEvent(job({ body: { words: '井盖松动', address: '和平路' } }))
    expect([draft.title, draft.address, draft.can]).toEqual(['井盖松动', '和平路', ['claim']])
    expect(draft.id).toBe('job:11111111-1111-4111-8111-111111111111')
  })
})

describe('actions', () => {
  it('puts the step that comes next at the bottom and the rest beside it', () => {
    const { main, others } = offered(['note', 'transfer', 'release', 'schedule', 'contact', 'unheard of'])
    expect(main?.code).toBe('schedule')
    expect(others.map(({ code }) => code)).toEqual(['contact', 'note', 'release', 'transfer'])
    expect(offered([])).toEqual({ main: null, others: [] })
    expect(offered(['note']).main).toBeNull()
  })
})

describe('forms', () => {
  it('numbers the photos of all fields in one row', () => {
    const { body, photos } = packed(FORMS.dispose, { before_ids: ['a'], after_ids: ['b', 'c'], result: ' 换了 ', public_text: '好了' })
    expect(body).toEqual({ before_ids: ['photo:0'], after_ids: ['photo:1', 'photo:2'], result: '换了', public_text: '好了' })
    expect(photos).toEqual(['a', 'b', 'c'])
  })
  it('names a colleague or a department by its kind', () => {
    expect(packed(FORMS.subtask, { who: 'staff:s1', what: '看', hours: '4', mandatory: true }).body).toEqual({ staff_id: 's1', what: '看', hours: 4, mandatory: true })
    expect(packed(FORMS.subtask, { who: 'department:d1', what: '看', hours: '24' }).body).toEqual({ department_id: 'd1', what: '看', hours: 24, mandatory: false })
  })
  it('sends what a form always says, and nothing for a moment left open', () => {
    expect(packed(FORMS.hold, { reason: '等天气' }).body).toEqual({ kind: 'hold', reason: '等天气', until: null })
    expect(packed(FORMS.verify, { passed: 'no', note: '还漏' }).body).toEqual({ passed: false, note: '还漏', file_ids: [] })
  })
  it('says at the field what is missing', () => {
    expect(gaps(FORMS.dispose, {}, 'dispose')).toEqual({ result: '请写明怎么处理的', public_text: '请写一句告诉群众的话' })
    expect(gaps(FORMS.verify, { passed: 'no', note: ' ' }, 'verify')).toEqual({ note: '请写明哪里还没有解决' })
    expect(gaps(FORMS.verify, { passed: 'yes' }, 'verify')).toEqual({})
    expect(gaps({ fields: [{ name: 'p', label: '', type: 'photos', most: 1, needed: '要拍' }] }, { p: [] }, '')).toEqual({ p: '要拍' })
  })
  it('every form says where it goes', () => {
    for (const form of Object.values(FORMS)) expect(form.path('E', 'S')).toMatch(/^\/worker\/(events\/E|subtasks\/S|whistles\/S|supervisions\/S)\/[a-z]+$/)
  })
})

describe('tracks', () => {
  const at = (latitude: number, seconds: number): TrackPoint => ({ latitude, longitude: 120, at: new Date(seconds * 1000).toISOString(), accuracy: 5 })
  const metre = 1 / 111_195
  it('measures', () => {
    expect(metres(at(30, 0), at(31, 0))).toBeCloseTo(111_195, -2)
    expect(walked([at(30, 0), at(30 + 10 * metre, 0), at(30, 0)])).toBeCloseTo(20, 0)
    expect(walked([])).toBe(0)
  })
  it('keeps each 20 metres or 10 seconds of walking, and a minute of standing', () => {
    const last = at(30, 0)
    expect(worth(null, at(30, 0), 0)).toBe(true)
    expect(worth(last, at(30 + 25 * metre, 3), 3_000)).toBe(true)
    expect(worth(last, at(30 + 10 * metre, 3), 3_000)).toBe(false)
    expect(worth(last, at(30 + 10 * metre, 11), 11_000)).toBe(true)
    expect(worth(last, at(30, 11), 11_000)).toBe(false)
    expect(worth(last, at(30, 61), 61_000)).toBe(true)
    expect(worth(last, { ...at(31, 61), accuracy: 500 }, 61_000)).toBe(false)
  })
})
