import type { PaperEntry, PaperError, PaperSheet } from '@/api/lobby'

/** What was written on paper while the network was gone, as it is typed in. */

export const OUTCOMES: Record<PaperEntry['outcome'], string> = { finished: '办完', no_show: '没来', left: '走了' }

export interface PaperRow {
  code: string
  name: string
  group: string
  ticket: string
  arrived: string
  called: string
  window: string
  finished: string
  outcome: PaperEntry['outcome']
}

/** The business stays that of the line before: sheets are kept one for each. */
export const blankRow = (group = ''): PaperRow => ({
  code: '',
  name: '',
  group,
  ticket: '',
  arrived: '',
  called: '',
  window: '',
  finished: '',
  outcome: 'finished',
})

export const isBlank = (row: PaperRow) =>
  ![row.code, row.name, row.ticket, row.arrived, row.called, row.window, row.finished].some((text) => text.trim())

/** 905, 9:05, 9：05 and 0905 are all 09:05; null is no time. */
export function timeOf(typed: string): string | null {
  const found = /^(\d{1,2})[:：.]?(\d{2})$/.exec(typed.trim())
  if (!found || Number(found[1]) > 23 || Number(found[2]) > 59) return null
  return `${found[1]!.padStart(2, '0')}:${found[2]}`
}

/** What can be seen to be wrong without asking. */
export function rowProblem(row: PaperRow): string {
  const found: string[] = []
  if (row.code.trim() && !/^\d{6}$/.test(row.code.trim())) found.push('取号码是 6 位数字')
  if (!row.group) found.push('选哪类事')
  const absent = row.code.trim() && row.outcome === 'no_show'
  if (!absent && !row.ticket.trim()) found.push('填号码')
  if (!absent && !row.arrived.trim()) found.push('填取号时间')
  if (row.outcome === 'finished' && (!row.window.trim() || !row.finished.trim())) found.push('办完的填窗口和办完时间')
  if (row.window.trim() && !/^\d{1,3}$/.test(row.window.trim())) found.push('窗口填数字')
  for (const [typed, name] of [
    [row.arrived, '取号时间'],
    [row.called, '叫号时间'],
    [row.finished, '办完时间'],
  ] as const)
    if (typed.trim() && !timeOf(typed)) found.push(`${name}写成 9:05 这样`)
  return found.join('；')
}

const moment = (date: string, typed: string) => {
  const time = timeOf(typed)
  return time ? `${date}T${time}:00+08:00` : null
}

export function entryOf(row: PaperRow, date: string): PaperEntry {
  return {
    code: row.code.trim() || null,
    name: row.name.trim(),
    group: row.group,
    ticket_no: row.ticket.trim().toUpperCase() || null,
    arrived_at: moment(date, row.arrived),
    called_at: moment(date, row.called),
    window_number: row.window.trim() ? Number(row.window) : null,
    finished_at: moment(date, row.finished),
    outcome: row.outcome,
  }
}

/** The answer's errors by the place of their line in the form; `sent` are the places of what was sent. */
export function errorsByRow(errors: PaperError[], sent: number[]): Record<number, string> {
  const found: Record<number, string> = {}
  for (const one of errors) {
    const at = sent[one.row - 1]
    if (at !== undefined) found[at] = [found[at], one.text].filter(Boolean).join('；')
  }
  return found
}

/** A refused field's path, "entries.3.code", told at its line. */
export function fieldErrors(fields: Record<string, string>): PaperError[] {
  return Object.entries(fields).flatMap(([path, text]) => {
    const found = /^entries\.(\d+)/.exec(path)
    return found ? [{ row: Number(found[1]) + 1, text }] : []
  })
}

/** Where each business begins: 社保医保从 B101 起. */
export const beginnings = (sheet: PaperSheet) =>
  sheet.tickets_from.map((one) => `${one.group_name}从 ${one.ticket_no} 起`).join('，')

/** Tickets to be given out by hand, one line each. */
export function handTickets(first: string, count: number): string[] {
  const letter = first.slice(0, 1)
  const from = Number(first.slice(1))
  return Array.from({ length: count }, (_, at) => `${letter}${String(from + at).padStart(first.length - 1, '0')}`)
}
