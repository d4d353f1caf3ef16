import { describe, expect, it } from 'vitest'
import type { TicketLimit } from '@/api/ticketLimits'
import { percentOf, qualifiersOf, qualifierText, shareOf, ticketLimitProblems, ticketLimitText } from '@/lib/ticketLimits'

const limit = (changes: Partial<TicketLimit> = {}): TicketLimit => ({
  kind: 'accept',
  category_code: null,
  qualifier: null,
  amount: 30,
  unit: 'minutes',
  ...changes,
})

describe('limits of tickets', () => {
  it('names what is wrong with each', () => {
    const rows = [limit(), limit({ amount: 9 }), limit({ qualifier: 'normal', amount: 0 }), limit({ amount: 1.5 })]
    expect(ticketLimitProblems(rows)).toEqual([
      '',
      '和第 1 条说的是同一种情况',
      '数字应在 1 到 10000 之间',
      '数字应在 1 到 10000 之间',
    ])
  })
  it('are told apart by difficulty for handling, by urgency else', () => {
    expect(Object.keys(qualifiersOf('handle'))).toContain('complex')
    expect(Object.keys(qualifiersOf('sign'))).toContain('utility')
    expect([qualifierText('sign', null), qualifierText('sign', 'emergency')]).toEqual(['都一样', '紧急'])
  })
  it('are read in days where they are whole ones', () => {
    expect(ticketLimitText({ amount: 168, unit: 'hours' })).toBe('168 小时（7 天）')
    expect(ticketLimitText({ amount: 2, unit: 'work_hours' })).toBe('2 个工作小时')
  })
})

describe('targets', () => {
  it('are typed in percent and kept as shares', () => {
    expect([percentOf(0.985), percentOf(null)]).toEqual(['98.5', ''])
    expect([shareOf('98.5'), shareOf(' '), shareOf('101'), shareOf('x')]).toEqual([0.985, null, undefined, undefined])
  })
})
