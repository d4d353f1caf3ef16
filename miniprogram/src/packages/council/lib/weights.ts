import type { Judged, ResultRecord, Turnout, VoteQuestion, Weighed } from '@/api/council'
import { money } from './choice'

export type WeightName = 'heads' | 'area'
export const WEIGHT_TEXT: Record<WeightName, string> = { heads: '人数', area: '面积' }

/** 1,234.50 平方米, of hundredths of one. */
export function area(centi: number): string {
  const whole = Math.floor(centi / 100).toString().replace(/\B(?=(\d{3})+$)/g, ',')
  return `${whole}.${String(centi % 100).padStart(2, '0')} 平方米`
}

export const amount = (name: WeightName, value: number): string => (name === 'heads' ? `${value} 人` : area(value))

/** A share in percent with one decimal, rounded down, so that no line that was missed looks met. */
export function share(part: number, of: number): string {
  if (!of) return '0%'
  const tenths = Math.floor((part * 1000) / of)
  return `${Math.floor(tenths / 10)}${tenths % 10 ? `.${tenths % 10}` : ''}%`
}

export const width = (part: number, of: number): string => (of ? `${Math.min(100, (part / of) * 100)}%` : '0')

/** 要达到三分之二, 要超过一半: what a threshold asks for. */
export function asked([operator, fraction]: [string, string]): string {
  const [top, bottom] = fraction.split('/').map(Number)
  const words = fraction === '1/2' ? '一半' : `${FIGURES[bottom] ?? bottom}分之${FIGURES[top] ?? top}`
  return operator === '>' ? `要超过${words}` : `要达到${words}`
}
const FIGURES: Record<number, string> = { 1: '一', 2: '二', 3: '三', 4: '四', 5: '五', 6: '六', 7: '七', 8: '八', 9: '九', 10: '十' }

export interface Measure {
  name: WeightName
  text: string
  part: string
  share: string
  width: string
  /** '' where no line is drawn. */
  line: string
  asked: string
  met: boolean | null
}

const measure = (name: WeightName, part: number, of: number, judged?: Judged): Measure => {
  const line = judged ? judged.needs[1].split('/').map(Number) : []
  return {
    name, text: WEIGHT_TEXT[name], part: amount(name, part), share: share(part, of), width: width(part, of),
    line: line.length ? `${(line[0] / line[1]) * 100}%` : '',
    asked: judged ? asked(judged.needs) : '', met: judged ? judged.met : null,
  }
}

const NAMES: WeightName[] = ['heads', 'area']
const has = (weights: Weighed, name: WeightName): boolean => typeof weights[name] === 'number'

/** Who took part, by heads and area side by side, against the whole roll. */
export function takingPart(record: ResultRecord): Measure[] {
  const part = record.taking_part
  if (!part) return []
  return NAMES.filter((name) => has(part, name)).map((name) => measure(name, part[name] ?? 0, record.entitled[name] ?? 0, record.quorum?.[name]))
}

export interface OptionResult {
  code: string
  text: string
  won: boolean
  /** '' where the option costs nothing. */
  cost: string
  measures: Measure[]
}

const winnersOf = ({ winners, projects }: ResultRecord): Set<string> => {
  if (Array.isArray(winners)) return new Set(winners)
  const lists = projects ? [projects.heads?.chosen, projects.area?.chosen] : [winners?.heads, winners?.area]
  const told = lists.filter((list): list is string[] => Boolean(list))
  // Heads and area may wish different things: only what both say is marked.
  return new Set(told.length ? told[0].filter((code) => told.every((list) => list.includes(code))) : [])
}

/** What each option got, of those who took part (or whom the rule counts). */
export function optionsOf(vote: Pick<VoteQuestion, 'options'>, record: ResultRecord): OptionResult[] {
  const { options, taking_part: part, passing } = record
  if (!options || !part) return []
  const won = winnersOf(record)
  return vote.options.map(({ code, text, cost_cents }) => ({
    code, text, won: won.has(code), cost: cost_cents ? money(cost_cents) : '',
    measures: NAMES.filter((name) => has(part, name)).map((name) => {
      const judged = passing?.[code]?.[name]
      return measure(name, judged?.part ?? options[code]?.[name] ?? 0, judged?.of ?? part[name] ?? 0, judged)
    }),
  }))
}

/** 已有 42 人参加（共 85 人）, and the area where it counts. */
export function turnoutText(turnout: Turnout): string {
  const heads = `${turnout.heads} 人参加，共 ${turnout.heads_of} 人`
  if (turnout.area_centi === null || turnout.area_centi_of === null) return heads
  return `${heads}；面积占 ${share(turnout.area_centi, turnout.area_centi_of)}`
}
