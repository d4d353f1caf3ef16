import type { ResultRecord, VoteQuestion } from '@/api/council'
import { amount, WEIGHT_TEXT, type WeightName } from './weights'

/** The rounds of a ranked vote in lines; by area too where areas count. */
export function roundsOf(vote: Pick<VoteQuestion, 'options'>, record: ResultRecord): string[][] {
  const text = new Map(vote.options.map((option) => [option.code, option.text]))
  const names = (codes: string[]): string => codes.map((code) => text.get(code) ?? code).join('、')
  const by = (['heads', 'area'] as WeightName[]).filter((name) => record.ranked?.[name])
  const found: string[][] = []
  for (const name of by) {
    const { rounds = [], winners = [] } = record.ranked?.[name] ?? {}
    for (const [turn, { counts, out, any_order }] of rounds.entries()) {
      const lines = Object.entries(counts).sort(([, a], [, b]) => b - a).map(([code, value]) => `${text.get(code) ?? code}：${amount(name, value)}`)
      if (by.length > 1) lines.unshift(`按${WEIGHT_TEXT[name]}`)
      if (out.length) lines.push(any_order ? `${names(out)} 一样少，谁先去掉都算过` : `去掉：${names(out)}`)
      if (turn === rounds.length - 1 && winners.length) lines.push(winners.length > 1 ? `并列：${names(winners)}` : `选出：${names(winners)}`)
      found.push(lines)
    }
  }
  return found
}
