import type { Duty, Level, NewDuty } from '@/api/grid'

/** Duties as they are edited: one line for one person's part at one place. */

export interface DutyLine {
  key: number
  staff_id: string
  level: Level
  category_code: string
  shift_id: string
}

let counter = 0
export const blankLine = (level: Level): DutyLine => ({
  key: ++counter,
  staff_id: '',
  level,
  category_code: '',
  shift_id: '',
})

export const linesOf = (duties: Duty[]): DutyLine[] =>
  duties.map((duty) => ({
    key: ++counter,
    staff_id: duty.staff_id,
    level: duty.level as Level,
    category_code: duty.category_code ?? '',
    shift_id: duty.shift_id ?? '',
  }))

export const bodyOf = (lines: DutyLine[]): NewDuty[] =>
  lines.map(({ staff_id, level, category_code, shift_id }) => ({
    staff_id,
    level,
    category_code: category_code || null,
    shift_id: shift_id || null,
  }))

/** What is wrong with each line, by its place; an empty list when all can be kept. */
export function lineProblems(lines: DutyLine[]): string[] {
  const seen = new Map<string, number>()
  return lines.map((line, at) => {
    if (!line.staff_id) return '请选人'
    const print = [line.staff_id, line.level, line.category_code, line.shift_id].join('|')
    const first = seen.get(print)
    seen.set(print, first ?? at)
    return first === undefined ? '' : `和第 ${first + 1} 行一样`
  })
}

const DAYS = '一二三四五六日'

/** "周一三五" from the bits of a shift; 每天 for all. */
export function weekdayText(bits: number): string {
  if (bits === 127) return '每天'
  return `周${[...DAYS].filter((_, at) => (bits >> at) & 1).join('')}`
}

export const toggleDay = (bits: number, at: number) => bits ^ (1 << at)
