import { describe, expect, it } from 'vitest'
import { hallFinding, measured } from '@/lib/hallFigures'

const hour = (at: number, wait: number | null) => ({
  hour: at,
  came: 3,
  finished: 2,
  no_show: 0,
  wait_minutes: wait,
  service_minutes: 8,
})

describe('a hall in figures', () => {
  it('says which hour waited longest', () => {
    expect(hallFinding([hour(9, 12.5), hour(10, 31), hour(11, null)])).toBe('10 点来的人等得最久，平均 31 分钟')
    expect(hallFinding([hour(9, null)])).toBe('还没有量到等候时间')
  })

  it('says what was not measured', () => {
    expect([measured(null), measured(7.5)]).toEqual(['—', '7.5 分钟'])
  })
})
