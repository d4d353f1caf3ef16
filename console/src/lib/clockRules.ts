import { CLOCK_KINDS, UNITS, type ClockKind, type ClockRule } from '@/api/eventSettings'

/** Limits as they are edited: which rule holds, and what is wrong with a list of them. */

/** 168 小时（7 天）, 3 个工作日. */
export function limitText({ amount, unit }: Pick<ClockRule, 'amount' | 'unit'>): string {
  const days = unit === 'hours' && amount > 24 && amount % 24 === 0 ? `（${amount / 24} 天）` : ''
  return `${amount} ${UNITS[unit]}${days}`
}

const printOf = (rule: ClockRule) => [rule.kind, rule.category_code ?? '', rule.urgency ?? ''].join('|')

/** Why each rule cannot be kept, by its place. */
export function ruleProblems(rules: ClockRule[]): string[] {
  const seen = new Map<string, number>()
  return rules.map((rule, at) => {
    if (!Number.isInteger(rule.amount) || rule.amount < 1 || rule.amount > 10_000) return '数字应在 1 到 10000 之间'
    const first = seen.get(printOf(rule))
    seen.set(printOf(rule), first ?? at)
    return first === undefined ? '' : `和第 ${first + 1} 行说的是同一种情况`
  })
}

/** 处置 · 井盖缺失 · 紧急, as a rule is spoken of. */
export function ruleName(rule: Pick<ClockRule, 'kind' | 'category_code' | 'urgency'>, category: string): string {
  return [
    CLOCK_KINDS[rule.kind as ClockKind],
    rule.category_code ? category : '各类',
    rule.urgency === 'urgent' ? '紧急' : rule.urgency === 'normal' ? '一般' : '不分缓急',
  ].join(' · ')
}
