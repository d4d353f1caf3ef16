import type { MessageFilter } from '@/api/messages'

/** The log of messages as it is searched. */

export const NO_FILTER: MessageFilter = {
  kind: '',
  topic: '',
  state: '',
  channel: '',
  trouble: '',
  from: '',
  to: '',
  number: '',
  person: '',
  campaign: '',
}

export type Wanted =
  | { what: 'nothing' }
  | { what: 'number'; number: string }
  | { what: 'reader'; q: string }
  | { what: 'unclear' }

const NUMBER = /^[A-Z]\d{13}$/
const PHONE = /^(\+?86)?1\d{10}$/
const NAME = /^[\p{Script=Han}·]{2,20}$|^[A-Za-z][A-Za-z .·]{1,39}$/u

/** What somebody typed into the search: a receipt number, or who is looked for (which needs a purpose). */
export function wantedBy(typed: string): Wanted {
  const text = typed.normalize('NFKC').trim()
  if (!text) return { what: 'nothing' }
  const plain = text.replace(/[\s-]/g, '')
  const number = plain.toUpperCase()
  if (NUMBER.test(number)) return { what: 'number', number: `${number.slice(0, 7)}-${number.slice(7, 13)}-${number.slice(13)}` }
  if (PHONE.test(plain) || NAME.test(text)) return { what: 'reader', q: text }
  return { what: 'unclear' }
}

/** What WeChat reports about a template message, in words; anything else is shown as it came. */
const RECEIPTS: Record<string, string> = {
  success: '已送到手机',
  'failed:user block': '对方设置了不接收',
  'failed: system failed': '微信没有送到',
}
export const receiptText = (text: string) => RECEIPTS[text] ?? text
