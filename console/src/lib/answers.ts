import type { TicketPin } from '@/api/hotline'
import type { Hit } from '@/api/knowledge'

/** Knowledge put into a reply: the public text goes in, the version it came from is pinned. */

export interface Pin {
  kind: TicketPin['kind']
  source_id: string
  version_id: string
  version_number: number
  number: string
  title: string
}

/** Why an answer cannot go into what a resident will read, or an empty text. */
export function insertProblem(answer: Hit): string {
  if (answer.audience === 'internal') return '这一篇只供内部看，不能放进答复'
  if (!answer.public_text.trim())
    return answer.kind === 'ticket' ? '办过的只供参考，不能放进答复' : '这一条没有可以放进答复的话'
  if (!answer.version_id) return '这一条没有生效的版本'
  return ''
}

const RULE = /^[\s|:-]*-{2,}[\s|:-]*$/
/** An article's text as it goes into a text message: its marks mean nothing there. */
export const plainText = (text: string) =>
  text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .filter((line) => !RULE.test(line))
    .map((line) =>
      line
        .replace(/^\s*(#{1,4}|>)\s*/, '')
        .replace(/^\s*[-*+]\s+/, '· ')
        .replace(/^\s*\|(.*)\|\s*$/, (_, cells: string) => cells.split('|').map((one) => one.trim()).join('，'))
        .replaceAll(/\*\*([^*]+)\*\*/g, '$1')
        .replaceAll(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '$1（$2）'),
    )
    .join('\n')
    .trim()

/** The reply with an answer's public text after what is there; the same text is not put twice. */
export function withAnswer(reply: string, answer: Hit): string {
  const text = plainText(answer.public_text)
  if (reply.includes(text)) return reply
  return [reply.trimEnd(), text].filter(Boolean).join('\n\n')
}

/** The pins with an article's or an item's; its later version replaces the earlier. */
export function withPin(pins: Pin[], answer: Hit): Pin[] {
  const { kind, id, version_id, version_number, number, title } = answer
  if (kind === 'ticket' || !version_id) return pins
  const pin = { kind, source_id: id, version_id, version_number: version_number ?? 1, number, title }
  return [...pins.filter((one) => one.source_id !== id), pin]
}

const FIELDS = ['kind', 'source_id', 'version_id', 'number', 'title'] as const

/** Pins inside a draft, whose fields are texts. */
export const pinsText = (pins: Pin[]) => (pins.length ? JSON.stringify(pins) : '')
export function pinsOf(text: string): Pin[] {
  if (!text) return []
  try {
    const found = JSON.parse(text) as Pin[]
    return Array.isArray(found) ? found.filter((one) => FIELDS.every((name) => typeof one?.[name] === 'string')) : []
  } catch {
    // A draft from elsewhere: its words are kept, its pins have to be made again.
    return []
  }
}

/** Where anybody reads a service item. */
export const itemPage = (id: string) => `/#/packages/catalogue/item?id=${id}`

export const KIND_TEXT: Record<Hit['kind'], string> = { article: '知识', item: '事项', ticket: '办过的' }

/** The place after moving by a step in a list; stays inside. */
export const stepIn = (length: number, at: number, by: number) =>
  length ? Math.min(length - 1, Math.max(0, at < 0 ? 0 : at + by)) : -1
