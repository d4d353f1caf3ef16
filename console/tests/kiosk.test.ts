import { describe, expect, it } from 'vitest'
import type { KioskHome, KioskTicket } from '@/api/kiosk'
import { Client } from '@/api/client'
import { aheadText, complete, coveredNumber, examples, keyed, queueText, ticketSpeech, waitText, windowsText } from '@/lib/kiosk'
import { whatWasShown } from '@/lib/shown'
import { lateText } from '@/lib/speech'

const ticket = (changes: Partial<KioskTicket> = {}): KioskTicket => ({
  ticket_no: 'A012',
  group_name: '社保医保',
  item_name: '社保卡补领',
  name: '王*兰',
  start: null,
  ahead: 3,
  wait_minutes: 15,
  windows: [1, 4],
  ...changes,
})
const card = '110101199003070011'

describe('what is shown to the machine', () => {
  it('is a code, a card or a QR code', () => {
    expect(whatWasShown(' 123456 ')).toEqual({ code: '123456' })
    expect(whatWasShown('11010119900307001x')).toEqual({ id_number: '11010119900307001x' })
    expect(whatWasShown('hy1.abc')).toEqual({ token: 'hy1.abc' })
  })
  it('is sent only when it is whole', () => {
    expect([complete('12345'), complete('123456'), complete(card), complete(card.slice(1)), complete('x'.repeat(40))]).toEqual([
      false,
      true,
      true,
      false,
      true,
    ])
  })
  it('takes only keys that fit', () => {
    expect(keyed('12345', '6', 'code')).toBe('123456')
    expect(keyed('123456', '7', 'code')).toBe('123456')
    expect(keyed('', 'X', 'card')).toBe('')
    expect(keyed(card.slice(0, 17), 'x', 'card')).toBe(`${card.slice(0, 17)}X`)
    expect(keyed(card, '1', 'card')).toBe(card)
  })
  it('is covered for who looks over a shoulder', () => {
    expect(coveredNumber('1101')).toBe('1101')
    expect(coveredNumber(card)).toBe('●●●●●● ●●●●●●●● 0011')
    expect(coveredNumber(card)).not.toContain('1990')
  })
})

describe('the ticket', () => {
  it('says how many are ahead, how long, and where', () => {
    expect([aheadText(ticket()), waitText(ticket()), windowsText(ticket())]).toEqual([
      '前面还有 3 人',
      '大约等 15 分钟',
      '在 1、4 号窗口办',
    ])
    expect(aheadText(ticket({ ahead: 0 }))).toBe('前面没有人，马上叫到您')
    // With no window open nobody is promised a call.
    expect(aheadText(ticket({ ahead: 0, windows: [] }))).toBe('前面没有人')
    expect([waitText(ticket({ ahead: 0 })), waitText(ticket({ wait_minutes: null }))]).toEqual(['', ''])
    expect(windowsText(ticket({ windows: [] }))).toBe('听到叫号再去窗口')
  })
  it('is spoken letter by letter, and names nobody', () => {
    const said = ticketSpeech(ticket())
    expect(said).toBe('您的号码是 A 0 1 2。前面还有 3 人，大约等 15 分钟。请留意叫号。')
    expect(said).not.toContain('王')
  })
})

it('each business is told by what it covers and how long one waits', () => {
  const home: KioskHome = {
    hall: { id: 'h', name: '大厅' },
    groups: [{ code: 'shebao', name: '社保医保', waiting: 2, wait_minutes: 9 }],
    items: ['补领', '参保', '转移', '报销'].map((name, at) => ({ id: String(at), name, group: 'shebao' })),
    now: '2026-11-23T09:00:00+08:00',
  }
  expect(examples(home, 'shebao')).toBe('补领、参保、转移等')
  expect(examples(home, 'hukou')).toBe('')
  expect(queueText(home.groups[0]!)).toBe('2 人在等，约 9 分钟')
  expect(queueText({ code: '', name: '', waiting: 0, wait_minutes: 0 })).toBe('现在不用等')
})

it('a machine shows its key with every request', async () => {
  const seen: RequestInit[] = []
  const client = new Client({
    headers: { 'X-Kiosk-Key': 'k' },
    fetch: async (_url, init) => {
      seen.push(init ?? {})
      return new Response('{}')
    },
  })
  await client.get('/kiosk/hall')
  await client.send('POST', '/kiosk/walk-ins', { group: 'shebao' })
  expect(seen.map((one) => (one.headers as Record<string, string>)['X-Kiosk-Key'])).toEqual(['k', 'k'])
})

it('the big screen says how late the hall is, and nothing while it is not', () => {
  expect(lateText(0)).toBe('')
  expect(lateText(25)).toContain('晚约 25 分钟')
})
