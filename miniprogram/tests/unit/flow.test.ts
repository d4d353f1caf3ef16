import { expect, it } from 'vitest'
import type { Step } from '@/api/types'
import { layOut, linesImage } from '@/lib/flow'

const step = (key: string, ...next: string[]): Step => ({
  key, next, name: key, actor: '', limit_text: '', description: '',
})
const keys = (steps: Step[]) => layOut(steps).rows.map((row) => row.cells.map((cell) => cell.step?.key ?? '|'))

it('puts a line of steps one below the other', () => {
  expect(keys([step('a', 'b'), step('b', 'c'), step('c')])).toEqual([['a'], ['b'], ['c']])
})

it('puts branches side by side and lets a long way pass through', () => {
  const flow = layOut([step('a', 'b', 'c'), step('b', 'c'), step('c')])
  expect(flow.rows.map((row) => row.cells.map((cell) => cell.step?.key ?? '|'))).toEqual([['a'], ['b', '|'], ['c']])
  expect(flow.rows[0].lines).toEqual([[0, 0], [0, 1]])
  expect(flow.rows[1].lines).toEqual(expect.arrayContaining([[0, 0], [1, 0]]))
})

it('tells ways back in words and never loops', () => {
  const flow = layOut([step('accept', 'fix', 'decide'), step('fix', 'accept'), step('decide')])
  expect(flow.returns).toEqual([['fix', 'accept']])
  expect(flow.rows).toHaveLength(2)
})

it('stands steps that lead nowhere known, to themselves, or none at all', () => {
  expect(keys([step('a', 'missing'), step('b', 'b')])).toEqual([['a', 'b']])
  expect(layOut([]).rows).toEqual([])
})

it('draws lines as an image of its own', () => {
  const image = decodeURIComponent(linesImage([[0, 0], [0, 1]], 1, 2))
  expect(image).toContain('M50 0V10H25V20')
  expect(image).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/)
})
