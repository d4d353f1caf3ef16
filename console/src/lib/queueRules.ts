import type { QueueRules } from '@/api/lobby'

type NumberRule = Exclude<keyof QueueRules, 'return_behind'>

/** One line of the form: what is asked, in which unit, from where to where. */
export interface RuleLine {
  name: NumberRule
  label: string
  unit: string
  low: number
  high: number
  hint: string
}

export const RULE_LINES: RuleLine[] = [
  { name: 'grace_minutes', label: '晚到多久以内次序不变', unit: '分钟', low: 0, high: 120, hint: '从预约的开始时间算；更晚的按签到的时间排' },
  { name: 'late_minutes', label: '时段过后多久停止签到', unit: '分钟', low: 0, high: 240, hint: '再晚就要现场取号' },
  { name: 'most_skips', label: '过号几次就不再叫', unit: '次', low: 1, high: 20, hint: '到了这个次数，要重新取号' },
  { name: 'priority_run', label: '连叫几个优先的，就叫一个普通的', unit: '个', low: 0, high: 20, hint: '填 0，优先的总是先叫' },
  { name: 'hall_late_minutes', label: '大厅晚了多久就不算未到', unit: '分钟', low: 10, high: 480, hint: '叫号晚了这么久，人等不及走了，不计未到' },
]

const whole = (value: unknown, low: number, high: number) =>
  typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high

/** What is wrong, by the name of its field. */
export function ruleProblems(rules: QueueRules): Record<string, string> {
  const found: Record<string, string> = {}
  for (const one of RULE_LINES)
    if (!whole(rules[one.name], one.low, one.high)) found[one.name] = `填 ${one.low} 到 ${one.high} ${one.unit}`
  if (rules.return_behind !== null && !whole(rules.return_behind, 0, 99)) found.return_behind = '填 0 到 99 人'
  return found
}

/** The rules as a clerk would tell them to somebody at the door. */
export function ruleSentences(rules: QueueRules): string[] {
  const back =
    rules.return_behind === null
      ? '过号后回来，按回来的时间排。'
      : rules.return_behind === 0
        ? '过号后回来，排在最前面。'
        : `过号后回来，排在 ${rules.return_behind} 个人后面。`
  return [
    `晚到 ${rules.grace_minutes} 分钟以内，次序不变；时段过后 ${rules.late_minutes} 分钟停止签到，要现场取号。`,
    `${back}过号 ${rules.most_skips} 次就不再叫，要重新取号。`,
    rules.priority_run ? `连叫 ${rules.priority_run} 个优先的，就叫一个普通的。` : '优先的总是先叫。',
    `叫号晚了 ${rules.hall_late_minutes} 分钟以上，没等到的人不计未到。`,
  ]
}
