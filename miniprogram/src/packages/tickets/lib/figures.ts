import type { PublicHotline, Rate } from '@/api/tickets'

/** 96.4%; – while nothing counts. */
export const percent = (rate: number | null): string =>
  rate === null ? '–' : `${(rate * 100).toFixed(1).replace(/\.0$/, '')}%`

/** What a rate is a share of, in words. */
export function shareText({ numerator, denominator, excluded, rate }: Rate): string {
  if (rate === null) return '件数太少，还不能算'
  return `${denominator} 件里 ${numerator} 件${excluded ? `，另有 ${excluded} 件不计` : ''}`
}

export const ratesOf = ({ rates }: PublicHotline): { name: string; means: string; rate: Rate }[] => [
  { name: '响应率', means: '按时有人联系', rate: rates.response },
  { name: '解决率', means: '回访说解决了', rate: rates.solved },
  { name: '满意率', means: '回访说满意', rate: rates.satisfied },
]

export const countsOf = ({ figures }: PublicHotline): { name: string; value: string }[] => [
  { name: '来电', value: String(figures.calls) },
  { name: '接通率', value: percent(figures.connected_rate) },
  { name: '15 秒内接听', value: percent(figures.answered_15s_rate) },
  { name: '受理诉求', value: String(figures.tickets) },
  { name: '已办结', value: String(figures.closed) },
  { name: '正在办', value: String(figures.open) },
]
