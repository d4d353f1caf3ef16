/** A counted vote in words: heads and area side by side, exact, as the record has it. */

export type Weight = 'heads' | 'area'
type Weights = Partial<Record<Weight, number>>
export interface Judged {
  part: number
  of: number
  /** ">" or ">=", and the share as "2/3". */
  needs: [string, string]
  met: boolean
}
type JudgedBy = Partial<Record<Weight, Judged>>
export interface Tally {
  method: string
  entitled: Weights
  taking_part: Weights | null
  options?: Record<string, Weights>
  quorum?: JudgedBy
  passing?: Record<string, JudgedBy>
  silence?: ({ to: string } & Weights) | null
  winners?: string[]
  ranked?: Record<string, { rounds: { counts: Record<string, number>; spent?: number; out?: string[] }[]; winners: string[] }>
  projects?: Record<string, { chosen: string[]; tied: string[]; spent_cents: number }>
  /** Fewer than this took part in a secret vote: nothing more is told. */
  below?: number
  outcome: string
}
export interface Option {
  code: string
  text: string
  cost_cents: number | null
}

export const WEIGHT_TEXT: Record<Weight, string> = { heads: '人数', area: '面积' }

/** 12,345.67 from hundredths, without a float in between. */
export function hundredths(value: number): string {
  const whole = Math.trunc(value / 100)
  const rest = String(Math.abs(value % 100)).padStart(2, '0')
  return `${whole.toLocaleString('en-US')}.${rest}`
}
export const areaText = (centi: number | null | undefined) =>
  centi === null || centi === undefined ? '—' : `${hundredths(centi)} ㎡`
export const moneyText = (cents: number | null | undefined) =>
  cents === null || cents === undefined ? '—' : `${hundredths(cents)} 元`
export const amountText = (weight: Weight, value: number | undefined) =>
  value === undefined ? '—' : weight === 'area' ? areaText(value) : `${value.toLocaleString('en-US')} 人`

/** "66.66%", cut and never rounded up: 66.666…% is not yet two thirds. */
export function percent(part: number, of: number): string {
  if (!of) return '—'
  const share = Number((BigInt(part) * 10_000n) / BigInt(of))
  return `${Math.trunc(share / 100)}.${String(share % 100).padStart(2, '0')}%`
}

const SHARES: Record<string, string> = { '1/2': '半数', '2/3': '三分之二', '3/4': '四分之三' }
export function needText([operator, share]: [string, string]): string {
  const name = SHARES[share] ?? share
  if (operator === '>') return share === '1/2' ? '过半数' : `超过${name}`
  return share === '1/2' ? '半数以上（含）' : `${name}以上（含）`
}

export const weightsOf = (tally: Tally) => (['heads', 'area'] as const).filter((one) => tally.entitled[one] !== undefined)

export interface Check {
  title: string
  met: boolean
  cells: { weight: Weight; text: string; share: string; need: string; met: boolean }[]
}
function check(title: string, judged: JudgedBy): Check {
  const cells = (['heads', 'area'] as const).flatMap((weight) => {
    const one = judged[weight]
    if (!one) return []
    const text = `${amountText(weight, one.part)} / ${amountText(weight, one.of)}`
    return [{ weight, text, share: percent(one.part, one.of), need: needText(one.needs), met: one.met }]
  })
  return { title, met: cells.every((one) => one.met), cells }
}

/** The thresholds one after the other: who took part, then each thing that may pass. */
export function checks(tally: Tally, options: Option[]): Check[] {
  const named = (code: string) => options.find((one) => one.code === code)?.text ?? code
  return [
    ...(tally.quorum && Object.keys(tally.quorum).length ? [check('参与够不够', tally.quorum)] : []),
    ...Object.entries(tally.passing ?? {}).map(([code, judged]) => check(`“${named(code)}”够不够`, judged)),
  ]
}

export interface OptionLine {
  code: string
  text: string
  cost: string
  won: boolean
  amounts: { weight: Weight; text: string; share: string; part: number; of: number }[]
}
export function optionLines(tally: Tally, options: Option[]): OptionLine[] {
  const weights = weightsOf(tally)
  return options.map((option) => ({
    code: option.code,
    text: option.text,
    cost: option.cost_cents === null ? '' : moneyText(option.cost_cents),
    won: Boolean(tally.winners?.includes(option.code)),
    amounts: weights.map((weight) => {
      const part = tally.options?.[option.code]?.[weight] ?? 0
      const of = tally.taking_part?.[weight] ?? 0
      return { weight, part, of, text: amountText(weight, part), share: percent(part, of) }
    }),
  }))
}

/** Why a paper ballot's marks cannot be kept, or an empty text; nothing marked is a blank sheet. */
export function choiceProblem(
  question: { method: string; least: number; most: number; budget_cents: number | null; options: Option[] },
  choice: string[],
): string {
  const { method, least, most } = question
  if (!choice.length) return '请照纸上的选'
  if (method === 'single') return choice.length > 1 ? '只能选一项' : ''
  if (method === 'ranked') return ''
  if (choice.length < least) return `至少选 ${least} 项`
  if (choice.length > most) return `最多选 ${most} 项，纸上超过了就按废票处理`
  return ''
}
