import type { KioskHome, KioskTicket } from '@/api/kiosk'
import { minutes } from './format'

/** What a machine at the door shows and says. */

export type KioskView = 'home' | 'code' | 'card' | 'business' | 'ticket' | 'refused'

/** How long a page stays when nobody touches it. */
export const STAYS_MS: Record<Exclude<KioskView, 'home'>, number> = {
  code: 40_000,
  card: 40_000,
  business: 40_000,
  ticket: 20_000,
  refused: 20_000,
}

/** What may still become a code or a card's number; readers also send the long text of a QR code. */
export const isCode = (text: string) => /^\d{6}$/.test(text)
export const isCard = (text: string) => /^\d{17}[\dXx]$/.test(text)
/** A QR code's text is longer than anything that is typed by hand. */
export const isToken = (text: string) => text.length > 18

/** Not a beginning of a code or a card's number: something else was held before the reader. */
export const foreign = (text: string) => text !== '' && !/^\d{0,17}[\dXx]?$/.test(text)

/** Whether Enter sends what a reader or a person typed on this page. */
export const complete = (text: string) => isCode(text) || isCard(text) || isToken(text)

/** One more key: only what the page takes, not longer than that. */
export function keyed(text: string, key: string, view: KioskView): string {
  if (view === 'code') return /^\d$/.test(key) && text.length < 6 ? text + key : text
  const upper = key.toUpperCase()
  const fits = /^\d$/.test(key) ? text.length < 18 : upper === 'X' && text.length === 17
  return fits ? text + upper : text
}

/** A card's number as others may see it over a shoulder: only the last four as they are typed. */
export function coveredNumber(text: string): string {
  const covered = '●'.repeat(Math.max(0, text.length - 4)) + text.slice(-4)
  return covered.replace(/^(.{6})(.{1,8})?(.*)$/, (_, first: string, day = '', rest = '') =>
    [first, day, rest].filter(Boolean).join(' '),
  )
}

export function aheadText(ticket: Pick<KioskTicket, 'ahead' | 'windows'>): string {
  if (ticket.ahead) return `前面还有 ${ticket.ahead} 人`
  return ticket.windows.length ? '前面没有人，马上叫到您' : '前面没有人'
}

export function waitText(ticket: Pick<KioskTicket, 'ahead' | 'wait_minutes'>): string {
  if (!ticket.ahead || ticket.wait_minutes === null) return ''
  return ticket.wait_minutes ? `大约等 ${minutes(ticket.wait_minutes)}` : '很快就到'
}

export function windowsText(ticket: Pick<KioskTicket, 'windows'>): string {
  return ticket.windows.length ? `在 ${ticket.windows.join('、')} 号窗口办` : '听到叫号再去窗口'
}

/** Said aloud: the number and the queue, never who it is. */
export function ticketSpeech(ticket: KioskTicket): string {
  const wait = waitText(ticket)
  return `您的号码是 ${[...(ticket.ticket_no ?? '')].join(' ')}。${aheadText(ticket)}${wait ? `，${wait}` : ''}。请留意叫号。`
}

/** What a business covers, by a few of its items, for who does not know its name. */
export function examples(home: KioskHome, group: string, most = 3): string {
  const names = home.items.filter((item) => item.group === group).map((item) => item.name)
  return names.slice(0, most).join('、') + (names.length > most ? '等' : '')
}

export const queueText = (group: KioskHome['groups'][number]) =>
  group.waiting
    ? `${group.waiting} 人在等${group.wait_minutes ? `，约 ${minutes(group.wait_minutes)}` : ''}`
    : '现在不用等'
