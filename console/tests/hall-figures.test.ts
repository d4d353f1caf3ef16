import { describe, expect, it } from 'vitest'
import { hallFinding, loadFinding, measured, missedShare } from '@/lib/hallFigures'

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

  it('says which window was busy longest', () => {
    const load = (number: number, busy: number) => ({ number, name: '综合', finished: 3, busy_minutes: busy, service_minutes: 8 })
    expect(loadFinding([load(1, 40), load(2, 95), load(3, 0)])).toBe('2 号窗口最忙，办了 95 分钟；1 号最少，40 分钟')
    expect(loadFinding([load(1, 40)])).toBe('只有 1 号窗口办了事，共 40 分钟')
    expect(loadFinding([load(1, 0)])).toBe('还没有窗口办过事')
  })

  it('says how many of a hundred did not come', () => {
    expect([missedShare({ finished: 18, no_show: 2 }), missedShare({ finished: 0, no_show: 0 })]).toEqual(['10%', '—'])
  })
})
