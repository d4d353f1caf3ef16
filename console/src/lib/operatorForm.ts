import type { Suggested, NewTicket } from '@/api/operator'
import type { Body } from './merging'

/** The operator's form: what it starts with, what is missing, what is sent. */

export const FORM_LABELS: Record<string, string> = {
  source: '来源',
  kind: '类型',
  words: '什么事',
  category: '类别',
  urgency: '紧急程度',
  address: '在哪里',
  latitude: '纬度',
  longitude: '经度',
  caller: '称呼',
  phone: '电话',
  confidential: '保密',
  reply: '答复',
  pins: '依据',
  made: '已建的工单',
}

export const blankForm = (): Body => ({
  ...Object.fromEntries(Object.keys(FORM_LABELS).map((name) => [name, ''])),
  source: 'phone',
  kind: 'consult',
})

/** What is missing before a ticket can be made; an answer at once also needs words and what it stands on. */
export function formProblems(form: Body, way: 'dispatch' | 'answer'): Record<string, string> {
  const problems: Record<string, string> = {}
  const has = (name: string) => Boolean(form[name]?.trim())
  if (!has('words')) problems.words = '请写什么事'
  if (has('phone') && !/^[\d\s+-]{5,20}$/.test(form.phone ?? '')) problems.phone = '电话里有认不出的字'
  if (way === 'answer' && !has('reply')) problems.reply = '请写给来电人的话'
  if (way === 'answer' && has('reply') && !has('pins')) problems.reply = '直接答复要有依据，选一条知识或事项按 Alt+I 放进来'
  return problems
}

export function newTicket(form: Body, callId: string | null): NewTicket {
  const text = (name: string) => form[name]?.trim() || undefined
  const number = (name: string) => (text(name) ? Number(form[name]) : undefined)
  return {
    source: form.source || 'phone',
    kind: form.kind || 'consult',
    words: text('words') ?? '',
    category_code: text('category'),
    urgency: text('urgency'),
    address: text('address'),
    latitude: number('latitude'),
    longitude: number('longitude'),
    caller_name: text('caller'),
    caller_phone: text('phone'),
    confidential: form.confidential === 'yes',
    ...(callId ? { call_id: callId } : {}),
  }
}

/** A ticket already made of this form, when the step after it did not get through. */
export interface Made {
  id: string
  number: string
  version: number
}
export function madeOf(form: Body): Made | null {
  try {
    const made = JSON.parse(form.made || 'null') as Made | null
    return made && typeof made.id === 'string' && typeof made.version === 'number' ? made : null
  } catch {
    // A draft from elsewhere: as if no ticket had been made.
    return null
  }
}

/** The best category when it is worth taking with one key. */
export const firstCategory = (found: Suggested | null) => found?.categories[0] ?? null

/** 通话 03:25 — how long, from the moment it changed to this state. */
export function callClock(since: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - new Date(since).getTime()) / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
}

/** A draft's place: that of its call, or the one for everything without a call. */
export const draftKey = (callId: string | null) => (callId ? `call-${callId}` : 'new')
export const callOfKey = (key: string) => (key.startsWith('call-') ? (key.slice(5).split('~')[0] ?? null) : null)

/** A free place for another matter, with the same call while it goes on. */
export function freeKey(callId: string | null, taken: string[], mark: string): string {
  const key = draftKey(callId)
  return taken.includes(key) ? `${key}~${mark}` : key
}

/** How a draft is called in the list of those not finished. */
export function draftTitle(body: Record<string, unknown>): string {
  const words = typeof body.words === 'string' ? body.words.trim() : ''
  return words ? words.slice(0, 24) : '还没写什么事'
}
