import { describe, expect, it } from 'vitest'
import type { QueueRules } from '@/api/lobby'
import { lobbyPages, mayOpenRoute, sectionOf, showsOneHall } from '@/lib/permissions'
import { ruleProblems, ruleSentences } from '@/lib/queueRules'
import type { Permission, Staff } from '@/api/types'

const rules = (changes: Partial<QueueRules> = {}): QueueRules => ({
  grace_minutes: 10,
  late_minutes: 30,
  return_behind: 3,
  most_skips: 3,
  priority_run: 0,
  hall_late_minutes: 60,
  ...changes,
})
const staff = (permissions: Permission[], halls = [{ id: 'h', name: '大厅' }]) => ({ permissions, halls }) as unknown as Staff

describe('the rules of a queue', () => {
  it('are told in sentences', () => {
    expect(ruleSentences(rules())).toEqual([
      '晚到 10 分钟以内，次序不变；时段过后 30 分钟停止签到，要现场取号。',
      '过号后回来，排在 3 个人后面。过号 3 次就不再叫，要重新取号。',
      '优先的总是先叫。',
      '叫号晚了 60 分钟以上，没等到的人不计未到。',
    ])
    expect(ruleSentences(rules({ return_behind: 0, priority_run: 2 })).slice(1, 3)).toEqual([
      '过号后回来，排在最前面。过号 3 次就不再叫，要重新取号。',
      '连叫 2 个优先的，就叫一个普通的。',
    ])
    expect(ruleSentences(rules({ return_behind: null }))[1]).toContain('按回来的时间排')
  })
  it('name what is wrong at its field', () => {
    expect(ruleProblems(rules())).toEqual({})
    expect(ruleProblems(rules({ return_behind: null }))).toEqual({})
    expect(ruleProblems(rules({ most_skips: 0, hall_late_minutes: 5 }))).toEqual({
      most_skips: '填 1 到 20 次',
      hall_late_minutes: '填 10 到 480 分钟',
    })
    // An empty field of a form is an empty text.
    expect(Object.keys(ruleProblems(rules({ return_behind: '' as unknown as number, grace_minutes: 1.5 })))).toEqual([
      'grace_minutes',
      'return_behind',
    ])
  })
})

it('the pages of a queue open for who runs the hall', () => {
  expect(lobbyPages(staff(['schedules.edit'])).map((page) => page.name)).toContain('lobby-rules')
  expect(mayOpenRoute(staff(['appointments.view']), 'lobby-rules')).toBe(false)
  expect(sectionOf('lobby-rules')).toBe('lobby')
  expect(showsOneHall('lobby-rules')).toBe(true)
})
