import { describe, expect, it } from 'vitest'
import type { ClockRule } from '@/api/eventSettings'
import type { DailyReport } from '@/api/reports'
import { chartOption } from '@/lib/chartOptions'
import { limitText, ruleName, ruleProblems } from '@/lib/clockRules'
import { blankLine, bodyOf, lineProblems, toggleDay, weekdayText } from '@/lib/duties'
import * as say from '@/lib/findings'
import { areaKm2, degrees, hasMoreRings, inside, openRing, ringProblem, withRing, type AreaGeometry, type Ring } from '@/lib/geo'
import { heatClasses, rangeText, shadeOf } from '@/lib/heat'

const SQUARE: Ring = [
  [115, 20],
  [115.01, 20],
  [115.01, 20.01],
  [115, 20.01],
]
const polygon = (ring: Ring): AreaGeometry => ({ type: 'Polygon', coordinates: [[...ring, ring[0]!]] })

describe('an outline', () => {
  it('is edited without its closing point, and closed again', () => {
    const geometry = polygon(SQUARE)
    expect(openRing(geometry)).toEqual(SQUARE)
    expect(withRing(geometry, SQUARE)).toEqual(geometry)
  })
  it('keeps holes and other parts', () => {
    const hole: Ring = [
      [115.002, 20.002],
      [115.004, 20.002],
      [115.004, 20.004],
      [115.002, 20.002],
    ]
    const many: AreaGeometry = {
      type: 'MultiPolygon',
      coordinates: [[[...SQUARE, SQUARE[0]!], hole], [[...SQUARE, SQUARE[0]!]]],
    }
    expect(hasMoreRings(many)).toBe(true)
    const moved = SQUARE.map(([x, y]) => [x + 0.001, y] as [number, number])
    const changed = withRing(many, moved)
    expect((changed.coordinates as Ring[][])[0]?.[1]).toEqual(hole)
    expect(changed.coordinates).toHaveLength(2)
  })
  it.each<[string, Ring]>([
    ['', SQUARE],
    ['三个点', SQUARE.slice(0, 2)],
    ['没有填好', [...SQUARE.slice(0, 3), [Number.NaN, 20]]],
    ['不在地球上', [...SQUARE.slice(0, 3), [115, 95]]],
    ['交叉', [SQUARE[0]!, SQUARE[2]!, SQUARE[1]!, SQUARE[3]!]],
  ])('%s', (text, ring) => (text ? expect(ringProblem(ring)).toContain(text) : expect(ringProblem(ring)).toBe('')))
  it('knows its size and what lies in it', () => {
    expect(areaKm2(SQUARE)).toBeCloseTo(1.157, 2)
    expect(inside(polygon(SQUARE), 115.005, 20.005)).toBe(true)
    expect(inside(polygon(SQUARE), 115.02, 20.005)).toBe(false)
    expect(degrees(115.12345678)).toBe('115.123457')
  })
})

describe('the heat map', () => {
  it('has classes with their numbers, by equal shares', () => {
    const classes = heatClasses([0, 0, 1, 2, 3, 5, 8, 40])
    expect(classes.map(rangeText)).toEqual(['1 件', '2 件', '3 件', '5 件', '8–40 件'])
    expect(shadeOf(0, classes)).toBe('#f6f7fa')
    expect(shadeOf(40, classes)).toBe('#003cab')
    expect(new Set(classes.map((one) => one.colour)).size).toBe(5)
  })
  it('does with few', () => {
    expect(heatClasses([0])).toEqual([])
    expect(heatClasses([3, 3])).toHaveLength(1)
  })
})

describe('duties', () => {
  it('are refused without a person or twice the same', () => {
    const line = { ...blankLine('worker'), staff_id: 'a' }
    expect(lineProblems([line, { ...line }, blankLine('leader')])).toEqual(['', '和第 1 行一样', '请选人'])
    expect(bodyOf([line])).toEqual([{ staff_id: 'a', level: 'worker', category_code: null, shift_id: null }])
  })
  it('have days in words', () => {
    expect(weekdayText(127)).toBe('每天')
    expect(weekdayText(0b0010101)).toBe('周一三五')
    expect(toggleDay(0b1, 0)).toBe(0)
  })
})

describe('limits', () => {
  const rule = (more: Partial<ClockRule> = {}): ClockRule => ({
    kind: 'dispose',
    category_code: null,
    urgency: null,
    amount: 7,
    unit: 'working_days',
    ...more,
  })
  it('are said in words', () => {
    expect(limitText(rule())).toBe('7 个工作日')
    expect(limitText({ amount: 168, unit: 'hours' })).toBe('168 小时（7 天）')
    expect(ruleName(rule({ category_code: 'well', urgency: 'urgent' }), '井盖缺失')).toBe('处置 · 井盖缺失 · 紧急')
  })
  it('are refused when they are nothing or say the same twice', () =>
    expect(ruleProblems([rule(), rule({ amount: 9 }), rule({ kind: 'claim', amount: 0 })])).toEqual([
      '',
      '和第 1 行说的是同一种情况',
      '数字应在 1 到 10000 之间',
    ]))
})

describe('the daily report', () => {
  const report = (more: Partial<DailyReport> = {}): DailyReport => ({
    date: '2026-11-22',
    called: 40,
    closed: 12,
    open_now: 30,
    response: { p50_minutes: 4.2, p90_minutes: 25, buckets: [] },
    escalations: [
      { level_text: '副网格员', count: 3 },
      { level_text: '街道', count: 1 },
    ],
    overdue: { share: 0.125, count: 5, of: 40 },
    by_category: [
      { code: 'a', name: '路灯不亮', count: 10, closed: 2, overdue: 0 },
      { code: 'b', name: '水管漏水', count: 30, closed: 10, overdue: 5 },
    ],
    by_street: [{ id: 's', name: '越和街道', count: 40, closed: 12, overdue: 5 }],
    load: [
      { staff_name: '陈强', handled: 6, open: 2 },
      { staff_name: '刘霞', handled: 3, open: 9 },
    ],
    satisfaction: { average: 4.5, rated: 8 },
    hours: [
      { hour: 9, called: 30, claimed: 10 },
      { hour: 10, called: 10, claimed: 28 },
    ],
    ...more,
  })
  it('says its finding in each title', () => {
    expect(say.dayFinding(report())).toBe('40 件呼叫，一半在 4 分钟内有人认领，办结 12 件')
    expect(say.responseFinding(report())).toBe('一半 4 分钟内认领，九成 25 分钟内')
    expect(say.hoursFinding(report())).toBe('9 点最忙，30 件呼叫，认领没跟上')
    expect(say.categoryFinding(report())).toBe('“水管漏水”最多，30 件，占 75%')
    expect(say.streetFinding(report())).toBe('越和街道超时最多，5 件')
    expect(say.escalationFinding(report())).toBe('升级 4 次，多在副网格员一级')
    expect(say.overdueFinding(report())).toBe('40 个到期的时限里 5 个超时，占 12.5%')
    expect(say.loadFinding(report())).toBe('陈强处置最多，6 件；刘霞手上最多，9 件')
  })
  it('has words for a day without calls', () => {
    const empty = report({
      called: 0,
      closed: 0,
      response: { p50_minutes: null, p90_minutes: null, buckets: [] },
      escalations: [],
      overdue: { share: 0, count: 0, of: 0 },
      by_category: [],
      by_street: [],
      load: [],
      hours: [],
    })
    expect(say.dayFinding(empty)).toBe('没有呼叫，也没有办结')
    expect(say.responseFinding(empty)).toContain('还没有人认领')
    expect(say.hoursFinding(empty)).toBe('全天没有呼叫')
    expect(say.categoryFinding(empty)).toBe('没有分类的呼叫')
    expect(say.streetFinding(empty)).toBe('各街道都没有呼叫')
    expect(say.escalationFinding(empty)).toContain('没有一件')
    expect(say.overdueFinding(empty)).toContain('没有到期')
    expect(say.loadFinding(empty)).toBe('这一天没有人处置')
  })
  it('says where the calls are', () => {
    const cells = (...counts: number[]) => counts.map((count, at) => ({ name: `${at}号网格`, count }))
    expect(say.heatFinding(cells(6, 3, 1))).toBe('0号网格最多，6 件，占 60%')
    expect(say.heatFinding(cells(2, 2, 2, 1, 0))).toBe('7 件分散在 4 个网格，最多的各 2 件')
    expect(say.heatFinding([])).toBe('这段时间没有呼叫')
  })
  it('draws bars with units and a target line', () => {
    const option = chartOption({
      labels: ['a'],
      series: [{ name: '认领', values: [1] }],
      unit: '件',
      target: { value: 30, text: '30 分钟' },
    }) as { yAxis: { name: string }; series: { type: string; markLine: { data: unknown[] } }[] }
    expect(option.yAxis.name).toBe('件')
    expect(option.series[0]?.markLine.data).toEqual([{ yAxis: 30 }])
  })
})
