import { describe, expect, it } from 'vitest'
import type { AppointmentState, ScheduleRule, StaffAppointment } from '@/api/types'
import { fileName, toCsv } from '@/lib/csv'
import { changes } from '@/lib/diff'
import { blankContent, spoken } from '@/lib/itemFields'
import { busiest, byHour, commandsFor, commandsForRow, estimateText, estimates, filtered } from '@/lib/queue'
import { places, ruleProblem, sameWeek, slotCount, tidyTime } from '@/lib/schedule'
import { unheard } from '@/lib/speech'

function row(state: AppointmentState, more: Partial<StaffAppointment> = {}): StaffAppointment {
  return {
    id: Math.random().toString(),
    ticket_no: 'A001',
    person_name: '王*兰',
    phone_masked: '138****0001',
    item_name: '社会保障卡挂失',
    group_name: '社保医保',
    start: '2026-11-23T09:30:00+08:00',
    end: '2026-11-23T10:00:00+08:00',
    state,
    state_text: state,
    checked_in_at: null,
    called_at: null,
    wait_minutes: null,
    window_number: null,
    agent: null,
    visit: null,
    source: 'booked',
    channel: 'online',
    for_window_number: null,
    priority: 0,
    version: 1,
    ...more,
  }
}

describe('CSV', () => {
  const columns = [{ title: '姓名', text: (one: { name: string }) => one.name }]
  it('opens in Excel with Chinese, quotes and line ends', () => {
    expect(toCsv(columns, [{ name: '王,“兰”"x"\n二' }])).toBe('\uFEFF姓名\r\n"王,“兰”""x""\n二"\r\n')
  })
  it('never becomes a formula', () =>
    expect(toCsv(columns, [{ name: '=HYPERLINK("x")' }])).toContain(`"'=HYPERLINK(""x"")"`))
  it('names its filters', () =>
    expect(fileName('预约名单', ['越和街', '', null, '排队中', 'a/b'])).toBe(
      '预约名单_越和街_排队中_a-b.csv',
    ))
})

describe('the queue', () => {
  it('offers what the state allows', () => {
    expect(commandsFor('called').map((one) => one.action)).toEqual(['start', 'recall', 'skip'])
    expect(commandsFor('serving').map((one) => one.action)).toEqual(['finish', 'park'])
    expect(commandsFor('parked').map((one) => one.action)).toEqual(['finish'])
    expect(commandsFor('finished')).toEqual([])
    expect(
      commandsForRow(row('booked'), new Date('2026-11-23T11:00:00+08:00')).map((one) => one.action),
    ).toEqual(['no-show'])
    expect(commandsForRow(row('booked'), new Date('2026-11-23T09:00:00+08:00'))).toEqual([])
  })

  it('finds by state and by every word typed', () => {
    const rows = [row('booked'), row('checked_in', { ticket_no: 'B012' })]
    expect(filtered(rows, 'waiting', '')).toHaveLength(1)
    expect(filtered(rows, 'all', 'b012 王')).toHaveLength(1)
    expect(filtered(rows, 'all', '0001')).toHaveLength(2)
    expect(filtered(rows, 'all', '没有')).toHaveLength(0)
  })

  it('tells what each that waits can expect', () => {
    const expected = [
      { id: 'a', minutes: 0 },
      { id: 'b', minutes: 7 },
      { id: 'c', minutes: null },
    ]
    const found = estimates({ expected })
    expect(['a', 'b', 'c', 'd'].map((id) => estimateText(found.get(id)))).toEqual([
      '下一位',
      '约 7 分钟',
      '没开窗',
      '—',
    ])
  })

  it('says which hour is busiest', () => {
    const counts = byHour([
      row('booked'),
      row('finished'),
      row('cancelled'),
      row('booked', { start: '2026-11-23T14:00:00+08:00' }),
    ])
    expect(counts).toEqual([
      { hour: 9, done: 1, left: 1 },
      { hour: 14, done: 0, left: 1 },
    ])
    expect(busiest(counts)).toBe('9 点最忙，2 人预约')
  })

  it('reads each call once, and again when called again', () => {
    const heard = new Set<string>()
    const call = { ticket_no: 'A001', called_at: '2026-11-23T09:30:00+08:00', speech: '请A001到3号窗口' }
    expect(unheard([call], heard)).toHaveLength(1)
    expect(unheard([call], heard)).toHaveLength(0)
    expect(unheard([{ ...call, called_at: '2026-11-23T09:31:00+08:00' }], heard)).toHaveLength(1)
  })
})

describe('schedules', () => {
  const rule: ScheduleRule = {
    group: 'shebao',
    weekday: 1,
    start: '09:00',
    end: '12:00',
    slot_minutes: 30,
    capacity: 2,
    channel: 'online',
  }
  it('count whole slots', () => {
    expect(slotCount(rule)).toBe(6)
    expect(places(rule)).toBe(12)
    expect(slotCount({ ...rule, slot_minutes: 45 })).toBe(4)
  })
  it('refuse what cannot be', () => {
    expect(ruleProblem(rule, [])).toBe('')
    expect(ruleProblem({ ...rule, end: '08:00' }, [])).toBe('结束要晚于开始')
    expect(ruleProblem({ ...rule, slot_minutes: 240 }, [])).toContain('放不下')
    expect(ruleProblem(rule, [{ ...rule, start: '11:00', end: '13:00' }])).toContain('重叠')
    expect(ruleProblem(rule, [{ ...rule, channel: 'on_site' }])).toBe('')
  })
  it('understand times as people type them', () => {
    expect(['9:00', '900', '09：30', '1330', '25:00', ''].map(tidyTime)).toEqual([
      '09:00',
      '09:00',
      '09:30',
      '13:30',
      '25:00',
      '',
    ])
    expect(ruleProblem({ ...rule, start: '25:00' }, [])).toBe('时间写成 09:00 这样')
  })
  it('know when nothing changed', () =>
    expect(sameWeek([rule, { ...rule, weekday: 2 }], [{ ...rule, weekday: 2 }, rule])).toBe(true))
})

describe('differences of an item', () => {
  it('are told field by field, in words', () => {
    const before = {
      ...blankContent(),
      name: '甲',
      case_type: 'promise',
      promise_limit: { value: 5, unit: 'workday' },
    }
    const after = {
      ...before,
      case_type: 'instant',
      promise_limit: { value: 0, unit: 'workday' },
      conditions: ['本人'],
    }
    expect(
      changes(spoken(before), spoken(after), {
        case_type: '办件类型',
        promise_limit: '承诺时限',
        conditions: '谁可以办',
        name: '名称',
      }),
    ).toEqual([
      { path: 'case_type', label: '办件类型', before: '承诺件', after: '即办件' },
      { path: 'promise_limit', label: '承诺时限', before: '5个工作日', after: '当场办结' },
      { path: 'conditions.0', label: '谁可以办 第 1 条', before: '（空）', after: '本人' },
    ])
  })
})
