import type { Vote, VoteQuestion } from '@/api/council'

type Asked = Pick<VoteQuestion, 'method' | 'options' | 'least' | 'most' | 'budget_cents'>

/** 12,300 元, of cents; fen only where there are any. */
export function money(cents: number): string {
  const yuan = Math.floor(cents / 100).toString().replace(/\B(?=(\d{3})+$)/g, ',')
  const rest = cents % 100
  return `${yuan}${rest ? `.${String(rest).padStart(2, '0')}` : ''} 元`
}

export const spent = (vote: Asked, chosen: string[]): number =>
  vote.options.reduce((sum, { code, cost_cents }) => sum + (chosen.includes(code) ? cost_cents ?? 0 : 0), 0)

/** The choice after a tap on an option; `full` when the tap changes nothing because no more may be chosen. */
export function tapped(vote: Asked, chosen: string[], code: string): { chosen: string[]; full: boolean } {
  if (chosen.includes(code)) return { chosen: chosen.filter((one) => one !== code), full: false }
  if (vote.method === 'single') return { chosen: [code], full: false }
  if (chosen.length >= vote.most) return { chosen, full: true }
  return { chosen: [...chosen, code], full: false }
}

/** A ranked option one place up. */
export function raised(chosen: string[], code: string): string[] {
  const place = chosen.indexOf(code)
  if (place < 1) return chosen
  const next = [...chosen]
  ;[next[place - 1], next[place]] = [next[place], next[place - 1]]
  return next
}

/** What is still missing before it can be cast; '' when nothing is. */
export function missing(vote: Asked, chosen: string[]): string {
  if (chosen.length < vote.least) {
    if (vote.method === 'single') return '请选一项'
    return vote.least === vote.most ? `请选 ${vote.least} 项` : `请至少选 ${vote.least} 项`
  }
  return chosen.length > vote.most ? `最多选 ${vote.most} 项` : ''
}

/** How one chooses here, in a sentence. */
export function howTo(vote: Asked): string {
  const count = vote.least === vote.most ? `${vote.most} 项` : `${vote.least} 到 ${vote.most} 项`
  if (vote.method === 'single') return '选一项。'
  if (vote.method === 'multiple') return `选 ${count}。`
  if (vote.method === 'ranked') return `按喜欢的先后点，最喜欢的先点。排 ${count}。`
  return `选您支持的项目，${count}。总预算 ${money(vote.budget_cents ?? 0)}，支持多的先做，剩下的钱不够做的跳过。`
}

/** The choice as it is read back before it is cast, and afterwards. */
export function inWords(vote: Pick<Vote, 'method' | 'options'>, chosen: string[]): string[] {
  const text = new Map(vote.options.map((option) => [option.code, option.text]))
  const ordered = vote.method === 'ranked' ? chosen : vote.options.map(({ code }) => code).filter((code) => chosen.includes(code))
  return ordered.map((code, index) => (vote.method === 'ranked' ? `第 ${index + 1}：${text.get(code) ?? code}` : text.get(code) ?? code))
}
