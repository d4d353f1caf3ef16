import { describe, expect, it } from 'vitest'
import * as format from '@/lib/format'

describe('times in Shanghai', () => {
  it.each([
    ['2026-11-23T09:30:00+08:00', '9:30'],
    ['2026-11-23T01:05:00Z', '9:05'],
    [null, '—'],
    ['not a time', '—'],
  ])('%s reads %s', (value, text) => expect(format.clock(value)).toBe(text))

  it('writes days as people say them', () => {
    expect(format.dayText('2026-11-23')).toBe('11月23日（周一）')
    expect(format.dayText('2026-11-22T16:30:00Z')).toBe('11月23日（周一）')
    expect(format.momentText('2026-11-23T09:30:00+08:00')).toBe('11月23日（周一）9:30')
    expect(format.stamp('2026-11-23T09:30:00+08:00')).toBe('2026-11-23 09:30')
    expect(format.span('2026-11-23T09:30:00+08:00', '2026-11-23T10:00:00+08:00')).toBe('9:30–10:00')
    expect(format.isoDate(new Date('2026-11-22T17:00:00Z'))).toBe('2026-11-23')
    expect(format.addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(format.clockSeconds('2026-11-23T00:00:07+08:00')).toBe('00:00:07')
  })

  it('says how long ago', () => {
    const now = new Date('2026-11-23T10:00:00+08:00')
    expect(format.relative('2026-11-23T09:59:40+08:00', now)).toBe('刚刚')
    expect(format.relative('2026-11-23T09:55:00+08:00', now)).toBe('5 分钟前')
    expect(format.relative('2026-11-23T12:00:00+08:00', now)).toBe('2 小时后')
    expect(format.relative('2026-11-20T10:00:00+08:00', now)).toBe('3 天前')
    expect(format.minutesSince('2026-11-23T09:48:30+08:00', now)).toBe(11)
    expect(format.minutesSince('2026-11-23T10:05:00+08:00', now)).toBe(0)
  })
})

describe('numbers in words', () => {
  it.each([
    [0, '刚刚更新'],
    [2900, '刚刚更新'],
    [8000, '8 秒前更新'],
    [130_000, '2 分钟前更新'],
  ])('data %i ms old is %s', (age, text) => expect(format.freshness(age)).toBe(text))

  it.each([
    [null, '—'],
    [12.4, '12 分钟'],
    [60, '1 小时'],
    [65, '1 小时 5 分钟'],
  ])('%s minutes read %s', (value, text) => expect(format.minutes(value)).toBe(text))

  it.each([
    [3, '3 号窗口'],
    ['3号', '3 号窗口'],
    ['综合窗口', '综合窗口'],
    [null, '—'],
  ])('window %s is %s', (value, text) => expect(format.windowText(value)).toBe(text))
})
