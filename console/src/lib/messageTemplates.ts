import type { Part } from '@/api/knowledge'
import type { KindDetail, LadderChannel, Registered, TemplateField, Texts } from '@/api/messageTemplates'
import { textParts } from './textDiff'

/** The words of messages as they are edited, compared and told. */

export type Card = 'subscribe' | 'service'
export const LADDER: Record<LadderChannel, string> = {
  wechat_subscribe: '小程序订阅消息',
  wechat_service: '服务号模板消息',
  sms: '短信',
  staff_hook: '工作群',
}
/** As a list shows them, where room is short. */
export const SHORT_NAMES: Record<LadderChannel, string> = {
  wechat_subscribe: '订阅',
  wechat_service: '服务号',
  sms: '短信',
  staff_hook: '工作群',
}
/** What staff may choose for a message to one person. */
export const PERSONAL: LadderChannel[] = ['wechat_subscribe', 'wechat_service', 'sms']
export const CARDS: Record<Card, string> = { subscribe: '小程序订阅消息', service: '服务号模板消息' }
export const CHANNEL_OF: Record<Card, LadderChannel> = { subscribe: 'wechat_subscribe', service: 'wechat_service' }

export const copyTexts = (texts: Texts): Texts => JSON.parse(JSON.stringify(texts)) as Texts
export const sameTexts = (a: Texts, b: Texts): boolean => JSON.stringify(flat(a)) === JSON.stringify(flat(b))

/** The words an editor begins with: the draft, else those in use, else the built-in ones. */
export function startingTexts(detail: KindDetail): Texts {
  const begun = detail.versions.find((one) => one.state === 'draft') ?? detail.versions.find((one) => one.state === 'active')
  return copyTexts(begun?.texts ?? detail.builtin)
}

/** A card's rows: the fields WeChat's template asks for, in its order, then what is written beside them. */
export function rowsOf(rows: TemplateField[], registered: Registered | null): TemplateField[] {
  if (!registered) return rows
  const asked = registered.fields.map(({ key }) => rows.find((one) => one.key === key) ?? { key, text: '' })
  return [...asked, ...rows.filter((one) => !registered.fields.some(({ key }) => key === one.key))]
}

/** What WeChat takes in a field, by the type in its key. */
const TAKES: Record<string, string> = {
  thing: '最多 20 字',
  phrase: '最多 5 个汉字',
  name: '姓名，最多 10 字',
  time: '时间',
  date: '日期',
  number: '数字',
  amount: '金额',
  letter: '字母',
  symbol: '符号',
  character_string: '字母和数字',
  phone_number: '电话',
  car_number: '车牌',
}
export const takes = (key: string): string => TAKES[key.replace(/\d+$/, '')] ?? key

export const labelOf = (key: string, registered: Registered | null): string =>
  registered?.fields.find((one) => one.key === key)?.label ?? key

/** 10 分钟, 2 小时, 7 天. */
export function lifeText(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440} 天`
  return minutes % 60 === 0 ? `${minutes / 60} 小时` : `${minutes} 分钟`
}

/** Where a channel stands after it was put on, taken off, or moved one step. */
export function switched(ladder: LadderChannel[], channel: LadderChannel): LadderChannel[] {
  return ladder.includes(channel) ? ladder.filter((one) => one !== channel) : [...ladder, channel]
}
export function moved(ladder: LadderChannel[], channel: LadderChannel, by: -1 | 1): LadderChannel[] {
  const from = ladder.indexOf(channel)
  const to = from + by
  if (from < 0 || to < 0 || to >= ladder.length) return ladder
  const next = [...ladder]
  ;[next[from], next[to]] = [next[to]!, next[from]!]
  return next
}

/** All words of a version by the name of their place, for comparing. */
export function flat(texts: Texts, cards: Partial<Record<Card, Registered | null>> = {}): Record<string, string> {
  const found: Record<string, string> = { 标题: texts.title, 正文: texts.body }
  for (const card of ['subscribe', 'service'] as const)
    for (const { key, text } of texts[card]) found[`${CARDS[card]} · ${labelOf(key, cards[card] ?? null)}`] = text
  if (texts.sms) found['短信'] = texts.sms
  if (texts.staff) found['工作群'] = texts.staff
  found['发送方式'] = ['站内消息', ...texts.ladder.map((one) => LADDER[one])].join(' → ')
  return found
}

export interface Difference {
  label: string
  parts: Part[]
}

/** What differs between two versions, place by place. */
export function differences(from: Texts, to: Texts, cards: Partial<Record<Card, Registered | null>>): Difference[] {
  const [a, b] = [flat(from, cards), flat(to, cards)]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((label) => ({ label, parts: textParts(a[label] ?? '', b[label] ?? '') }))
    .filter((one) => one.parts.some((part) => part.op !== 'same'))
}
