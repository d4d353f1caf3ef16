import type { Rebuilt } from '@/api/windowShifts'
import { dayText, span } from './format'

/** 排好了，12 个时段跟着变；11月27日（周五）9:00–9:30 等 2 个时段约的人多，没有减下来. */
export function rebuiltWords(words: string, rebuilt: Rebuilt | null | undefined): string {
  const parts = [words]
  if (rebuilt?.changed) parts.push(`${rebuilt.changed} 个时段的号跟着变`)
  const [first] = rebuilt?.kept ?? []
  if (!first) return parts.join('，')
  const more = (rebuilt?.kept.length ?? 1) - 1
  const which = `${dayText(first.start)}${span(first.start, first.end)}${more ? ` 等 ${more + 1} 个时段` : ''}`
  return `${parts.join('，')}。${which}约的人比新名额多，照旧接待，不再放号`
}
