import type { ScheduleRule } from '@/api/types'

/** The week of a hall as it is edited: rules with a key of their own, and what they add up to. */

export interface EditedRule extends ScheduleRule {
  key: number
}

export const CHANNELS: Record<string, string> = { online: '网上', on_site: '现场', elderly: '长者', video: '远程视频' }

let lastKey = 0

export const keyed = (rule: ScheduleRule): EditedRule => ({ ...rule, key: ++lastKey })

export function plain({ key: _key, ...rule }: EditedRule): ScheduleRule {
  return rule
}

export function toMinutes(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}

/** "9:00", "900" and "9：00" become "09:00"; what is no time stays as it was typed. */
export function tidyTime(typed: string): string {
  const found = /^([01]?\d|2[0-3])[:：]?([0-5]\d)$/.exec(typed.trim())
  return found ? `${found[1]?.padStart(2, '0')}:${found[2]}` : typed.trim()
}

/** Slots a rule makes: only whole ones count. */
export function slotCount(rule: Pick<ScheduleRule, 'start' | 'end' | 'slot_minutes'>): number {
  if (!rule.slot_minutes) return 0
  return Math.max(0, Math.floor((toMinutes(rule.end) - toMinutes(rule.start)) / rule.slot_minutes))
}

export const places = (rule: ScheduleRule) => slotCount(rule) * rule.capacity

/** Why a rule cannot stand, in words; empty when it can. */
export function ruleProblem(rule: ScheduleRule, others: ScheduleRule[]): string {
  if (![rule.start, rule.end].every((time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time)))
    return '时间写成 09:00 这样'
  if (toMinutes(rule.end) <= toMinutes(rule.start)) return '结束要晚于开始'
  if (!slotCount(rule)) return '这段时间放不下一个号，请缩短每个号的时间'
  const clash = others.find(
    (other) =>
      other.group === rule.group &&
      other.weekday === rule.weekday &&
      other.channel === rule.channel &&
      toMinutes(other.start) < toMinutes(rule.end) &&
      toMinutes(rule.start) < toMinutes(other.end),
  )
  return clash ? `和 ${clash.start}–${clash.end} 的安排重叠了` : ''
}

/** What is wrong with places to be added, by the name of the field. */
export function extraProblems(places: number, reason: string): { places?: string; reason?: string } {
  return {
    ...(Number.isInteger(places) && places >= 1 && places <= 100 ? {} : { places: '一次加 1 到 100 个' }),
    ...(reason.trim() ? {} : { reason: '请写明为什么加，会记在大厅的记录里' }),
  }
}

export function sameWeek(a: ScheduleRule[], b: ScheduleRule[]): boolean {
  const text = (rules: ScheduleRule[]) =>
    rules
      .map((rule) =>
        [rule.group, rule.weekday, rule.channel, rule.start, rule.end, rule.slot_minutes, rule.capacity].join(
          '|',
        ),
      )
      .sort()
      .join('\n')
  return text(a) === text(b)
}
