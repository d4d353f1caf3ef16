import { describe, expect, it } from 'vitest'
import { blankRow, entryOf, errorsByRow, fieldErrors, handTickets, isBlank, rowProblem, timeOf } from '@/lib/paper'

const row = (changes = {}) => ({
  ...blankRow('shebao'),
  ticket: 'b101',
  arrived: '905',
  called: '9:20',
  window: '3',
  finished: '0940',
  ...changes,
})

describe('a line of the paper', () => {
  it('takes times as they are written', () => {
    expect(['905', '9:05', '9：05', '0905', '09.05'].map(timeOf)).toEqual(Array(5).fill('09:05'))
    expect(['', '9', '2505', '9:61', '九点'].map(timeOf)).toEqual(Array(5).fill(null))
  })
  it('is sent with the day it was written on', () => {
    expect(entryOf(row({ code: ' 123456 ' }), '2026-11-23')).toEqual({
      code: '123456',
      name: '',
      group: 'shebao',
      ticket_no: 'B101',
      arrived_at: '2026-11-23T09:05:00+08:00',
      called_at: '2026-11-23T09:20:00+08:00',
      window_number: 3,
      finished_at: '2026-11-23T09:40:00+08:00',
      outcome: 'finished',
    })
  })
  it('says what is missing before it is sent', () => {
    expect(rowProblem(row())).toBe('')
    expect(rowProblem(row({ code: '123', window: '', arrived: '9点' }))).toBe(
      '取号码是 6 位数字；办完的填窗口和办完时间；取号时间写成 9:05 这样',
    )
    // Who was booked and never came took no ticket.
    expect(rowProblem({ ...blankRow('shebao'), code: '123456', outcome: 'no_show' })).toBe('')
    expect(rowProblem({ ...blankRow(), name: '王', outcome: 'left' })).toBe('选哪类事；填号码；填取号时间')
  })
  it('is nothing as long as only its business is chosen', () => {
    expect([isBlank(blankRow('shebao')), isBlank(row())]).toEqual([true, false])
  })
})

it('errors come back to the line they are about, empty lines between or not', () => {
  expect(errorsByRow([{ row: 2, text: '没有这个窗口' }, { row: 2, text: '时间还没有到' }], [0, 3])).toEqual({
    3: '没有这个窗口；时间还没有到',
  })
  expect(fieldErrors({ 'entries.3.code': '取号码是6位数字', date: '不对' })).toEqual([{ row: 4, text: '取号码是6位数字' }])
})

it('tickets by hand run on from the first', () => expect(handTickets('B099', 3)).toEqual(['B099', 'B100', 'B101']))
