import { describe, expect, it } from 'vitest'
import type { PaperConsentBody, WaitingEntry } from '@/api/bookings'
import { consentProblems, isIdNumber, lateProblem, limitPlace, limitProblem, limitText, waitFinding, wishText } from '@/lib/bookings'

const TODAY = '2026-11-23'
const paper = (changes: Partial<PaperConsentBody> = {}): PaperConsentBody => ({
  hall_id: 'h',
  principal: { name: '王桂兰', id_number: '11010519491231002X' },
  agent: { name: '李明', id_number: '440524188001010014' },
  item_id: null,
  relation: '子女',
  until: '2026-12-23',
  ...changes,
})

describe('limits of bookings', () => {
  it('are read as a sentence', () => {
    expect(limitText({ per: 'week', most: 6 })).toBe('每人同一周最多约 6 个')
    expect(limitPlace({ hall_name: '', group_name: '社保医保', item_name: '' })).toBe('各大厅 · 社保医保')
    expect(limitPlace({ hall_name: '越和街', group_name: '', item_name: '' })).toBe('越和街 · 所有事项')
  })
  it('lie between 1 and 100', () => {
    expect([1, 100, 0, 101, 1.5].map((most) => Boolean(limitProblem(most)))).toEqual([false, false, true, true, true])
  })
})

describe('a consent on paper', () => {
  it('is sound when both people, the relation and a term are there', () => expect(consentProblems(paper(), TODAY)).toEqual({}))
  it('checks the last character of an identity number', () => {
    expect(isIdNumber('11010519491231002x')).toBe(true)
    expect(isIdNumber('110105194912310021')).toBe(false)
    expect(isIdNumber('1101051949123100')).toBe(false)
  })
  it('names what is missing at its field', () => {
    const bad = paper({ agent: { name: ' ', id_number: '1' }, relation: '', until: '2028-01-01' })
    expect(Object.keys(consentProblems(bad, TODAY)).sort()).toEqual(['agent.id_number', 'agent.name', 'relation', 'until'])
  })
  it('needs two people', () => {
    const one = { name: '王桂兰', id_number: '11010519491231002X' }
    expect(consentProblems(paper({ principal: one, agent: { ...one, id_number: '11010519491231002x' } }), TODAY)).toEqual({
      'agent.id_number': '委托人和代办人不能是同一个人',
    })
  })
})

describe('the waitlist of a day', () => {
  const entry = (state: string): WaitingEntry => ({ state }) as WaitingEntry
  it('says how many wait and for how many a place is kept', () => {
    expect(waitFinding([entry('left')])).toBe('这一天没有人在候补')
    expect(waitFinding([entry('waiting'), entry('offered'), entry('booked')])).toBe('2 人在候补，其中 1 人有名额等他确认')
  })
  it('says when it suits', () =>
    expect([wishText({ earliest: '09:00', latest: null }), wishText({ earliest: null, latest: '11:00:00' }), wishText({ earliest: null, latest: null })]).toEqual([
      '09:00 以后',
      '11:00 以前',
      '都可以',
    ]))
})

it('a hall that was late names a day that has come, a span and a reason', () => {
  const form = { date: TODAY, from: '09:00', to: '11:00', reason: '系统故障，没有叫号' }
  expect(lateProblem(form, TODAY)).toBe('')
  expect(lateProblem({ ...form, date: '2026-11-24' }, TODAY)).toContain('今天')
  expect(lateProblem({ ...form, to: '08:00' }, TODAY)).toContain('晚于')
  expect(lateProblem({ ...form, reason: ' ' }, TODAY)).toContain('写明')
})
