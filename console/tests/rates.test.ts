import { describe, expect, it } from 'vitest'
import type { Rate } from '@/api/figures'
import { below, chartValue, countedText, percentText, rateFinding, reasonsText } from '@/lib/rates'

const rate = (numerator: number, denominator: number, excluded = 0): Rate => ({
  numerator,
  denominator,
  excluded,
  rate: denominator ? numerator / denominator : null,
})

describe('a rate', () => {
  it('stands with what it was counted from', () => {
    expect(countedText(rate(46, 50, 2))).toBe('46 / 50，不计 2')
    expect(countedText(rate(46, 50))).toBe('46 / 50')
    expect(countedText(rate(0, 0))).toBe('还没有可以计算的')
  })
  it('says why some count in none', () => {
    const reasons = [
      { text: '还没有办结', count: 20 },
      { text: '并入重复件', count: 3 },
    ]
    expect(reasonsText({ ...rate(5, 9, 23), reasons })).toBe('还没有办结 20，并入重复件 3')
    expect(reasonsText(rate(5, 9))).toBe('')
  })
  it('is never rounded up to all', () => {
    expect(percentText(1999 / 2000)).toBe('99.9%')
    expect(percentText(1)).toBe('100%')
    expect(percentText(0.92)).toBe('92%')
    expect(percentText(null)).toBe('—')
  })
  it('without a denominator is no point on a chart and below no target', () => {
    expect(chartValue(rate(0, 0))).toBeNull()
    expect(below(rate(0, 0), 0.9)).toBe(false)
    expect(chartValue(rate(1, 3))).toBe(33.3)
  })
})

describe('the finding', () => {
  it('names the one that falls shortest', () =>
    expect(
      rateFinding(
        [
          { name: '住建局', rate: rate(8, 10) },
          { name: '城管局', rate: rate(7, 10) },
          { name: '人社局', rate: rate(10, 10) },
        ],
        '解决率',
        0.85,
      ),
    ).toBe('城管局等 2 个解决率低于 85%，最低 70%'))
  it('says when all reach the target, and when nothing counts', () => {
    expect(rateFinding([{ name: '人社局', rate: rate(10, 10) }], '解决率', 0.85)).toBe('解决率都达到了 85%')
    expect(rateFinding([{ name: '人社局', rate: rate(0, 0) }], '解决率', 0.85)).toBe('解决率还没有可以计算的工单')
    expect(rateFinding([{ name: '人社局', rate: rate(1, 2) }], '解决率', null)).toBe('解决率最低的是人社局，50%')
    expect(below(rate(0, 9), null)).toBe(false)
  })
})
