import { describe, expect, it } from 'vitest'
import type { KindDetail, Registered, Texts } from '@/api/messageTemplates'
import { differences, flat, lifeText, moved, rowsOf, sameTexts, startingTexts, switched, takes } from '@/lib/messageTemplates'

const TEXTS: Texts = {
  title: '约好了：{事项}',
  body: '{预约时间}见',
  sms: '',
  staff: '',
  subscribe: [{ key: 'thing1', text: '{事项}' }],
  service: [],
  ladder: ['wechat_subscribe'],
}
const CARD: Registered = {
  title: '预约成功提醒',
  long_term: false,
  fields: [
    { key: 'thing1', label: '办理事项', choices: [] },
    { key: 'time2', label: '预约时间', choices: [] },
  ],
}

it('says in words what WeChat takes in a field', () => {
  expect(['thing1', 'character_string4', 'time2', 'odd'].map(takes)).toEqual(['最多 20 字', '字母和数字', '时间', 'odd'])
})

describe('the words of messages', () => {
  it('begin with the draft, else with the version in use, else with the built-in words', () => {
    const version = (number: number, state: string, title: string) => ({ version: number, state, texts: { ...TEXTS, title } })
    const detail = (...versions: object[]) => ({ builtin: TEXTS, versions }) as unknown as KindDetail
    expect(startingTexts(detail()).title).toBe(TEXTS.title)
    expect(startingTexts(detail(version(2, 'retired', '二'), version(1, 'active', '一'))).title).toBe('一')
    expect(startingTexts(detail(version(2, 'draft', '二'), version(1, 'active', '一'))).title).toBe('二')
  })
  it('have a line for each field that the registered template asks for, and for what is beside it', () => {
    const rows = [
      { key: 'thing9', text: '多' },
      { key: 'thing1', text: '{事项}' },
    ]
    expect(rowsOf(rows, CARD).map((one) => one.key)).toEqual(['thing1', 'time2', 'thing9'])
    expect(rowsOf(rows, null)).toBe(rows)
  })
  it('are the same whatever the order of their keys', () => {
    const { ladder, ...rest } = TEXTS
    expect(sameTexts(TEXTS, { ladder, ...rest })).toBe(true)
    expect(sameTexts(TEXTS, { ...TEXTS, ladder: [] })).toBe(false)
  })
  it('are compared place by place, with the names of the card', () => {
    const to: Texts = { ...TEXTS, title: '约上了：{事项}', subscribe: [{ key: 'thing1', text: '办{事项}' }] }
    expect(differences(TEXTS, to, { subscribe: CARD }).map((one) => one.label)).toEqual(['标题', '小程序订阅消息 · 办理事项'])
    expect(flat(TEXTS)['发送方式']).toBe('站内消息 → 小程序订阅消息')
  })
  it('go out by channels that are put on, taken off and moved', () => {
    expect(switched(['sms'], 'wechat_service')).toEqual(['sms', 'wechat_service'])
    expect(switched(['sms', 'wechat_service'], 'sms')).toEqual(['wechat_service'])
    expect(moved(['sms', 'wechat_service'], 'wechat_service', -1)).toEqual(['wechat_service', 'sms'])
    expect(moved(['sms'], 'sms', -1)).toEqual(['sms'])
    expect(moved(['sms'], 'wechat_service', 1)).toEqual(['sms'])
  })
  it('say how long they hold', () => {
    expect([10, 120, 2880, 1500].map(lifeText)).toEqual(['10 分钟', '2 小时', '2 天', '25 小时'])
  })
})
