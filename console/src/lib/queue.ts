import type { QueueAction } from '@/api/halls'
import type { AppointmentState, Board, StaffAppointment } from '@/api/types'
import { companyText } from './company'

export interface QueueCommand {
  action: QueueAction
  label: string
  done: string
  key?: string
  danger?: boolean
}

const COMMANDS: Record<QueueAction, QueueCommand> = {
  recall: { action: 'recall', label: '重呼', done: '又叫了一遍', key: 'R' },
  skip: { action: 'skip', label: '过号', done: '过号了，人来了可以在“过号和暂候的人”里再叫', key: 'S' },
  requeue: { action: 'requeue', label: '重新排队', done: '重新排上队了' },
  start: { action: 'start', label: '开始办理', done: '开始办理了', key: 'B' },
  park: { action: 'park', label: '暂候', done: '暂候，号码保留着，回来后在“过号和暂候的人”里接着办', key: 'W' },
  finish: { action: 'finish', label: '办结', done: '办结了', key: 'F' },
  'no-show': { action: 'no-show', label: '记为未到', done: '记为未到了', danger: true },
}

const BY_STATE: Partial<Record<AppointmentState, QueueAction[]>> = {
  called: ['start', 'recall', 'skip'],
  serving: ['finish', 'park'],
  parked: ['finish'],
  skipped: ['requeue', 'no-show'],
}

export const doneText = (action: QueueAction) => COMMANDS[action].done

/** What a clerk can do with a ticket in this state, the likeliest first. */
export function commandsFor(state: AppointmentState): QueueCommand[] {
  return (BY_STATE[state] ?? []).map((action) => COMMANDS[action])
}

/** As above for a row of the board: who did not come can be noted once the time is over. */
export function commandsForRow(row: StaffAppointment, now: Date = new Date()): QueueCommand[] {
  if (row.state === 'booked' && new Date(row.end) < now) return [COMMANDS['no-show']]
  return commandsFor(row.state)
}

export type Group = 'all' | 'expected' | 'waiting' | 'serving' | 'done' | 'missed'

export const GROUPS: { value: Group; label: string; states: AppointmentState[] }[] = [
  { value: 'all', label: '全部', states: [] },
  { value: 'expected', label: '还没到', states: ['booked'] },
  { value: 'waiting', label: '排队中', states: ['checked_in', 'skipped', 'parked'] },
  { value: 'serving', label: '窗口上', states: ['called', 'serving'] },
  { value: 'done', label: '已办结', states: ['finished'] },
  { value: 'missed', label: '未到/取消', states: ['no_show', 'cancelled'] },
]

/** Rows of a state group whose visible words contain every word typed. */
export function filtered(rows: StaffAppointment[], group: Group, typed: string): StaffAppointment[] {
  const states = GROUPS.find((one) => one.value === group)?.states ?? []
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    if (states.length && !states.includes(row.state)) return false
    const text = [
      row.ticket_no,
      row.person_name,
      row.phone_masked,
      row.item_name,
      row.group_name,
      row.state_text,
      companyText(row),
    ]
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

export interface HourCount {
  hour: number
  done: number
  left: number
}

/** Appointments by the hour they start (Shanghai), without the cancelled ones. */
export function byHour(rows: StaffAppointment[]): HourCount[] {
  const hours = new Map<number, HourCount>()
  for (const row of rows) {
    if (row.state === 'cancelled') continue
    const hour = (new Date(row.start).getUTCHours() + 8) % 24
    const count = hours.get(hour) ?? { hour, done: 0, left: 0 }
    if (row.state === 'finished' || row.state === 'no_show') count.done += 1
    else count.left += 1
    hours.set(hour, count)
  }
  return [...hours.values()].sort((a, b) => a.hour - b.hour)
}

/** The title of the chart says what it shows: "10 点最忙，12 人预约". */
export function busiest(counts: HourCount[]): string {
  const most = [...counts].sort((a, b) => b.done + b.left - a.done - a.left)[0]
  return most ? `${most.hour} 点最忙，${most.done + most.left} 人预约` : '今天还没有人预约'
}

/** Minutes each waiting ticket can expect still, as its holder is told; null while no window is open. */
export function estimates(board: Pick<Board, 'expected'>): Map<string, number | null> {
  return new Map(board.expected.map((one) => [one.id, one.minutes]))
}

/** "约 12 分钟", "马上", or that no window is open for it. */
export function estimateText(value: number | null | undefined): string {
  if (value === undefined) return '—'
  if (value === null) return '没开窗'
  return value === 0 ? '下一位' : `约 ${value} 分钟`
}
