import { describe, expect, it } from 'vitest'
import type { HotlineBoard, Rate, ReportRow } from '@/api/figures'
import { callTiles, hoursFinding, hoursShown, ratePlot, rateTiles } from '@/lib/hotlineFigures'

const rate = (numerator: number, denominator: number, excluded = 0): Rate => ({
  numerator,
  denominator,
  excluded,
  rate: denominator ? numerator / denominator : null,
})
const three = { response: rate(96, 100), solved: rate(70, 100, 3), satisfied: rate(0, 0) }
const targets = { response: 0.95, solved: 0.85, satisfied: null }
const board = (more: Partial<HotlineBoard> = {}): HotlineBoard => ({
  ...three,
  waiting: 0,
  talking: 3,
  calls_today: 50,
  connected_rate: rate(48, 50),
  answered_15s_rate: rate(30, 48),
  average_wait_seconds: 11.6,
  by_hour: [],
  by_unit: [],
  targets,
  as_of: '2026-11-22T10:00:00+08:00',
  ...more,
})

describe('the wall screen', () => {
  it('says each rate with its numbers and its target', () =>
    expect(callTiles(board()).slice(3)).toEqual([
      { label: '接通率', value: '96%', note: '48 / 50 · 目标 95%', bad: false, mark: '' },
      { label: '15 秒内接起', value: '62.5%', note: '30 / 48 · 目标 85%', bad: true, mark: '▼' },
    ]))
  it('tells no average before anybody was answered', () => {
    expect(callTiles(board())[2]?.note).toBe('平均等 12 秒')
    expect(callTiles(board({ average_wait_seconds: null }))[2]?.note).toBe('还没有接通的')
  })
  it('shows the three rates, and nothing where nothing counts', () =>
    expect(rateTiles(three, targets).map((one) => [one.label, one.value, one.bad])).toEqual([
      ['响应率', '96%', false],
      ['解决率', '70%', true],
      ['满意率', '—', false],
    ]))
  it('names no target where the district set none', () =>
    expect(rateTiles(three, { ...targets, solved: null })[1]).toMatchObject({ note: '70 / 100，不计 3', bad: false, mark: '' }))
  it('shows the hours that have been', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => ({ hour, calls: hour === 7 ? 2 : 0 }))
    expect(hoursShown(hours, 10).map((one) => one.hour)).toEqual([7, 8, 9, 10])
  })
  it('names the busiest hour', () => {
    expect(hoursFinding([])).toBe('今天还没有来电')
    expect(
      hoursFinding([
        { hour: 9, calls: 30, answered: 28 },
        { hour: 10, calls: 12, answered: 12 },
      ]),
    ).toBe('9 点最忙，30 个来电，2 个没接到')
  })
})

it('draws a rate with its target as a line, and a gap where nothing counts', () => {
  const rows = [
    { id: '1', name: '住建局', tickets: 100, ...three },
    { id: '2', name: '人社局', tickets: 0, ...three, solved: rate(0, 0) },
  ] as ReportRow[]
  expect(ratePlot(rows, 'solved', null).target).toBeUndefined()
  expect(ratePlot(rows, 'solved', 0.85)).toMatchObject({
    labels: ['住建局', '人社局'],
    series: [{ values: [70, null] }],
    target: { value: 85, text: '目标 85%' },
  })
})
