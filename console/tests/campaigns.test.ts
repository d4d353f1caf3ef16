import { describe, expect, it } from 'vitest'
import type { Campaign } from '@/api/campaigns'
import type { Preview } from '@/api/messageTemplates'
import { bodyOf, copyOf, everybody, formOf, formProblems, itemsToOffer, missingWords, nextText, previewOf, shares, smsParts, toggled, withStreet } from '@/lib/campaigns'

const options = {
  communities: [
    { id: 'c1', name: '东门社区', street_id: 's1' },
    { id: 'c2', name: '古榕社区', street_id: 's2' },
  ],
}

const campaign = (changes: Partial<Campaign> = {}) =>
  ({
    name: '停水',
    title: '明天停水',
    body: '请存水',
    link: '/topics/0190',
    sms: '停水',
    ladder: ['sms'],
    audience: { ...everybody(), streets: ['s1'] },
    send_at: '2026-11-24T08:30:00+08:00',
    expires_at: null,
    state: 'draft',
    reason: '',
    why_not_release: '',
    written: 0,
    counted: 0,
    ...changes,
  }) as Campaign

describe('the audience', () => {
  it('takes a whole street, which says more than its communities', () => {
    const some = { ...everybody(), communities: ['c1', 'c2'] }
    const found = withStreet(some, 's1', options)
    expect(found.streets).toEqual(['s1'])
    expect(found.communities).toEqual(['c2'])
    expect(withStreet(found, 's1', options).streets).toEqual([])
  })
  it('is never everybody by mistake', () => {
    const form = { ...formOf(null), name: '停水', placed: true }
    expect(Object.keys(formProblems(form))).toEqual(['places'])
    form.audience = withStreet(form.audience, 's1', options)
    expect(formProblems(form)).toEqual({})
  })
  it('asks for the days beside a hall, and for days that make sense', () => {
    const form = { ...formOf(null), name: '停水' }
    form.audience = { ...everybody(), halls: ['h1'] }
    expect(formProblems(form).booked_days).toBeTruthy()
    form.audience = { ...everybody(), council_days: 0, activity_days: 400 }
    expect(Object.keys(formProblems(form))).toEqual(['council_days', 'activity_days'])
  })
})

describe('the items', () => {
  const item = (id: string, people: number) => ({ id, name: `事项${id}`, people })
  const items = [item('1', 0), item('2', 2), ...[3, 4, 5, 6, 7, 8].map((one) => item(String(one), one))]
  const ids = (...asked: [string[], string]) => itemsToOffer(items, ...asked).map((one) => one.id)
  it('offers what most people booked lately, and keeps what is chosen', () => {
    expect(ids([], '')).toEqual(['8', '7', '6', '5', '4', '3'])
    expect(ids(['1', '8'], '')).toEqual(['1', '8', '7', '6', '5', '4', '3', '2'])
  })
  it('finds by name', () => {
    expect(ids(['1'], '项2')).toEqual(['1', '2'])
  })
})

describe('the form', () => {
  it('brings a campaign there and back unchanged', () => {
    const one = campaign()
    const body = bodyOf(formOf(one))
    expect(body).toEqual({
      name: one.name,
      title: one.title,
      body: one.body,
      link: one.link,
      sms: one.sms,
      ladder: one.ladder,
      audience: one.audience,
      send_at: one.send_at,
      expires_at: null,
    })
  })
  it('copies words and people, not the times', () => {
    const form = copyOf(campaign())
    expect([form.name, form.sendAt, form.audience.streets]).toEqual(['停水（再发）', '', ['s1']])
    expect(form.placed).toBe(true)
  })
  it('may lack words as a draft, not when it is handed in', () => {
    const form = { ...formOf(null), name: '停水', ladder: ['sms' as const] }
    expect(formProblems(form)).toEqual({})
    expect(Object.keys(missingWords(form))).toEqual(['title', 'body', 'sms'])
    expect(missingWords({ ...formOf(campaign()), ladder: [] })).toEqual({})
  })
  it('sends no text message where none is wanted, and no link without its place', () => {
    const form = { ...formOf(campaign()), ladder: [], placeId: '' }
    expect([bodyOf(form).sms, bodyOf(form).link]).toEqual(['', ''])
    expect(formProblems(form).link).toBe('请选议题')
  })
  it('keeps the order of the ladder', () => {
    expect(toggled(['sms'], 'wechat_subscribe')).toEqual(['wechat_subscribe', 'sms'])
    expect(toggled(['wechat_subscribe', 'sms'], 'sms')).toEqual(['wechat_subscribe'])
  })
})

it('counts long texts as several', () => {
  expect(['字'.repeat(70), '字'.repeat(71), '字'.repeat(135)].map(smsParts)).toEqual([1, 2, 3])
})

it('draws the words being written upon the blank notice', () => {
  const blank: Preview = {
    title: '【通知】〔标题〕',
    body: '〔正文〕',
    ladder: ['sms'],
    subscribe: { title: '通知公告提醒', rows: [{ key: 'thing1', label: '内容', value: '【通知】〔标题〕', fits: true, changed: false }] },
    service: null,
    sms: { sign: '呼应', text: '〔短信〕', length: 8, parts: 1 },
    staff: null,
  }
  const form = { ...formOf(campaign()), title: '明天八点到十六点停水请提前存水', sms: '字'.repeat(67) }
  const found = previewOf(form, blank)
  expect(found.title).toBe('【通知】明天八点到十六点停水请提前存水')
  expect(found.subscribe?.rows[0]).toMatchObject({ changed: false })
  expect(previewOf({ ...form, title: '停水'.repeat(12) }, blank).subscribe?.rows[0]).toMatchObject({
    value: `【通知】${'停水'.repeat(12)}`.slice(0, 19) + '…',
    changed: true,
  })
  expect(found.sms).toMatchObject({ length: 71, parts: 2 })
  expect(previewOf({ ...form, ladder: [] }, blank).sms).toBeNull()
  expect(previewOf({ ...form, title: '' }, blank).title).toContain('还没有标题')
})

it('shows parts of a whole, and none of nothing', () => {
  const progress = { written: 4, handed: 1, waiting: 0, failed: 0, stopped: 2, inbox_only: 1, read: 0, in_inbox: 4, counts: [], reasons: [] }
  expect(shares(progress).map((one) => one.percent)).toEqual([25, 0, 0, 50, 25])
  expect(shares({ ...progress, handed: 0, stopped: 0, inbox_only: 0 }).every((one) => one.percent === 0)).toBe(true)
})

it('says what comes next', () => {
  expect(nextText(campaign({ reason: '写清范围' }))).toContain('写清范围')
  expect(nextText(campaign({ state: 'submitted', why_not_release: '请换一个人' }))).toBe('请换一个人')
  expect(nextText(campaign({ state: 'running', written: 1, counted: 5 }))).toContain('一批一批')
})
