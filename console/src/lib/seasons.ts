import type { Season } from '@/api/windowShifts'
import { dayText } from './format'

/** A week that holds between two days in place of the usual one. */

export const seasonSpan = (one: Pick<Season, 'first_day' | 'last_day'>) =>
  `${one.first_day.slice(0, 4)}年${dayText(one.first_day)} 至 ${dayText(one.last_day)}`

/** Why a season cannot stand, by its field. */
export function seasonProblems(
  body: Pick<Season, 'name' | 'first_day' | 'last_day'>,
  others: Season[],
): { name?: string; days?: string } {
  const found: { name?: string; days?: string } = {}
  if (!body.name.trim()) found.name = '请起个名字，例如：暑期'
  if (!body.first_day || !body.last_day) found.days = '请填从哪天到哪天'
  else if (body.last_day < body.first_day) found.days = '结束的日子要在开始之后'
  else {
    const clash = others.find((one) => one.first_day <= body.last_day && body.first_day <= one.last_day)
    if (clash) found.days = `和“${clash.name}”（${seasonSpan(clash)}）重叠了`
  }
  return found
}

/** Where it stands today. */
export function seasonState(one: Pick<Season, 'first_day' | 'last_day'>, today: string): string {
  if (one.last_day < today) return '已经过了'
  return one.first_day <= today ? '正在用' : '还没到'
}
