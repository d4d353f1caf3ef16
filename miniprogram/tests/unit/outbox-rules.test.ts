import { expect, it } from 'vitest'
import { ApiError } from '@/api/errors'
import {
  filled, inOrder, made, MOST_FAULTS, needs, nextOf, pauseAfter, photo, SURE_MS, tooLate, verdict, type Job,
} from '@/stores/outbox-rules'

const A = '11111111-1111-4111-8111-111111111111'
const B = '22222222-2222-4222-8222-222222222222'
const job = (given: Partial<Job>): Job => ({
  id: A, owner: 'p', at: 1, turn: 1, kind: 'report', title: '', about: '', path: '/events', body: {}, filesPath: '/files',
  photos: [], state: 'waiting', problem: null, tries: 0, nextAt: 0, firstTriedAt: 0, round: 0, ...given,
})

it('puts ids where photos and earlier actions are named, and leaves the rest', () => {
  const photos = [{ key: 'k', purpose: 'event_photo' as const, fileId: 'f0' }]
  const body = { file_ids: [photo(0)], words: `看 ${photo(0)}`, event: made(A), n: 3, none: null, ok: true }
  expect(filled(body, photos, { [A]: 'e1' })).toEqual({
    file_ids: ['f0'], words: '看 photo:0', event: 'e1', n: 3, none: null, ok: true,
  })
  expect(filled(`/worker/events/${made(A)}/dispose`, [], { [A]: 'e1' })).toBe('/worker/events/e1/dispose')
})

it('keeps what it cannot fill, so that the server refuses it instead of taking something else', () => {
  expect(filled([photo(4), made(B)], [], {})).toEqual(['photo:4', `job:${B}`])
})

it('knows which earlier actions one needs', () => {
  expect(needs(job({ path: `/x/${made(A)}`, body: { a: [made(B), made(A)] } }))).toEqual([A, B])
  expect(needs(job({}))).toEqual([])
})

it('sends in the order of doing, even within one millisecond', () => {
  const jobs = [job({ id: 'c', at: 2 }), job({ id: 'b', turn: 2 }), job({ id: 'a', turn: 1 })]
  expect(inOrder(jobs).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(nextOf(jobs, 'p')?.id).toBe('a')
})

it('passes by what was refused and what needs it, and sends nothing of another person', () => {
  const refused = job({ id: A, state: 'refused' })
  const behind = job({ id: B, turn: 2, path: `/worker/events/${made(A)}/dispose` })
  const free = job({ id: 'free', turn: 3 })
  expect(nextOf([refused, behind, free], 'p')?.id).toBe('free')
  expect(nextOf([refused, behind], 'p')).toBeNull()
  expect(nextOf([free], 'someone else')).toBeNull()
})

it('waits longer each time, at most five minutes', () => {
  expect([1, 2, 3].map(pauseAfter)).toEqual([2000, 4000, 8000])
  expect(pauseAfter(0)).toBe(2000)
  expect(pauseAfter(500)).toBe(300_000)
})

it.each([
  [0, 1, 'later'], [429, 3, 'later'], [503, 50, 'later'], [500, 1, 'later'], [500, MOST_FAULTS, 'refused'],
  [401, 1, 'signed out'], [409, 1, 'refused'], [422, 1, 'refused'], [404, 1, 'refused'],
])('an answer of %i at try %i means %s', (status, tries, meant) => {
  expect(verdict(new ApiError({ title: '', status }), tries)).toBe(meant)
})

it('does not repeat what may have arrived so long ago that the server has forgotten it', () => {
  expect(tooLate(job({ firstTriedAt: 0 }), SURE_MS * 9)).toBe(false)
  expect(tooLate(job({ firstTriedAt: 1 }), SURE_MS)).toBe(false)
  expect(tooLate(job({ firstTriedAt: 1 }), SURE_MS + 2)).toBe(true)
})
