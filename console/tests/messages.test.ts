import { describe, expect, it } from 'vitest'
import type { ConsentFigures, MessageHealth } from '../src/api/messages'
import {
  consentFinding,
  count,
  failureFinding,
  failureRows,
  hourFinding,
  partsOf,
  quotaFinding,
  secondsText,
  stepFinding,
  stepRows,
  stoppedText,
  used,
  withoutFinding,
} from '../src/lib/messageHealth'
import { wantedBy } from '../src/lib/messageLog'
import { messageTabOf } from '../src/lib/messages'
import { mayOpenRoute } from '../src/lib/permissions'

describe('what is looked for in the log', () => {
  it.each([
    ['', { what: 'nothing' }],
    ['  ', { what: 'nothing' }],
    ['A261123-482073-5', { what: 'number', number: 'A261123-482073-5' }],
    ['ａ261123 482073 5', { what: 'number', number: 'A261123-482073-5' }],
    ['13800001234', { what: 'reader', q: '13800001234' }],
    ['+86 138-0000-1234', { what: 'reader', q: '+86 138-0000-1234' }],
    ['王秀兰', { what: 'reader', q: '王秀兰' }],
    ['王', { what: 'unclear' }],
    ['1380000', { what: 'unclear' }],
    ['王秀兰1', { what: 'unclear' }],
  ])('%s', (typed, wanted) => {
    expect(wantedBy(typed)).toEqual(wanted)
  })
})

describe('the tabs of the messages', () => {
  it('a page below a tab belongs to it', () => {
    expect(messageTabOf('messages-campaigns-one')).toBe('messages-campaigns')
    expect(messageTabOf('messages')).toBe('messages')
  })

  it('a tab opens for whoever holds its permission', () => {
    const staff = (...permissions: string[]) => ({ permissions, halls: [] }) as never
    expect(mayOpenRoute(staff('messages.view'), 'messages-channels')).toBe(true)
    expect(mayOpenRoute(staff('messages.view'), 'messages-hooks')).toBe(false)
    expect(mayOpenRoute(staff('messages.view', 'messages.manage'), 'messages-hooks')).toBe(true)
    expect(mayOpenRoute(staff('campaigns.write'), 'messages-campaigns-one')).toBe(true)
    expect(mayOpenRoute(staff('campaigns.write'), 'messages')).toBe(false)
  })
})

const NONE = {
  channel: 'sms', channel_text: '短信', state: 'quiet', handed_over: 0, accepted: 0, unclear: 0,
  p50_seconds: null, p95_seconds: null, soon_share: null, waiting: 0, due: 0, oldest_due_seconds: null, failures: [],
} as MessageHealth['channels'][number]
const health = (some: Partial<MessageHealth> = {}): MessageHealth => ({
  as_of: '2026-11-23T09:32:10+08:00',
  minutes: 60,
  worker_at: '2026-11-23T09:32:05+08:00',
  redis: true,
  tokens: [{ account: 'mini', name: '小程序', seconds_left: 6600 }],
  pushes: { waiting: 0, oldest_seconds: null, failing: 0, troubled: 0 },
  channels: [NONE],
  quotas: [],
  providers: [],
  steps: [],
  ...some,
})

describe('the health of the channels', () => {
  it('says how long in words', () => {
    expect([0.84, 12.4, 119, 180, 3600, 7500, null].map(secondsText)).toEqual([
      '0.8 秒', '12 秒', '119 秒', '3 分钟', '1 小时', '2 小时 5 分钟', '—',
    ])
  })

  it('names what all channels need and what of it is broken', () => {
    expect(partsOf(health()).map((part) => [part.label, part.value, part.bad])).toEqual([
      ['发送进程', '在跑', false],
      ['缓存（Redis）', '正常', false],
      ['小程序凭证', '还有 1 小时 50 分钟', false],
      ['回调待处理', '0 条', false],
    ])
    const broken = partsOf(health({ worker_at: null, redis: false, pushes: { waiting: 3, oldest_seconds: 90, failing: 2, troubled: 0 } }))
    expect(broken.filter((part) => part.bad).map((part) => part.label)).toEqual(['发送进程', '缓存（Redis）', '回调待处理'])
  })

  it('tells the hour in a sentence', () => {
    expect(hourFinding(health())).toBe('近一小时没有发过消息')
    const busy = { ...NONE, state: 'slow' as const, handed_over: 10, accepted: 7, failures: [
      { code: '43101', text: '没有剩余的订阅授权（43101）', count: 2, expected: true },
      { code: '-1', text: '微信繁忙（-1）', count: 1, expected: false },
    ] }
    expect(hourFinding(health({ channels: [busy] }))).toBe('近一小时交出 10 次，平台收下 7 次，1 次没成；短信有积压')
    const rows = failureRows(health({ channels: [busy] }))
    expect(rows.map((row) => row.expected)).toEqual([false, true])
    expect(failureFinding(rows)).toBe('没成最多的原因：微信繁忙（-1），1 次')
    expect(failureFinding(rows.slice(1))).toBe('没有出错；有人没有授权或没有关注，改用了别的方式')
    expect(failureFinding([])).toBe('近一小时没有一次失败')
  })

  it('fills the hour with steps of five minutes', () => {
    const rows = stepRows(health({ steps: [
      { at: '2026-11-23T09:30:00+08:00', channel: 'sms', accepted: 2, failed: 1 },
      { at: '2026-11-23T09:30:00+08:00', channel: 'wechat_service', accepted: 3, failed: 0 },
    ] }))
    expect(rows).toHaveLength(13)
    expect(rows[12]).toEqual({ at: '2026-11-23T01:30:00.000Z', accepted: 5, failed: 1 })
    expect(stepFinding(rows)).toBe('9:30 起最忙，五分钟交出 6 次，1 次没成')
    expect(stepFinding(stepRows(health()))).toBe('近一小时没有发过消息')
    expect(rows[0]).toEqual({ at: '2026-11-23T00:30:00.000Z', accepted: 0, failed: 0 })
  })
})

describe('the quotas of the day', () => {
  type Quota = MessageHealth['quotas'][number]
  const quota = (some: Partial<Quota> = {}): Quota => ({
    key: 'wechat_service', channel: 'wechat_service', channel_text: '服务号模板消息', name: '', sent: 40_000,
    per_day: 100_000, bulk_per_day: 90_000, bulk_stopped: null, bulk_until: null, ...some,
  })
  const template = quota({ key: 'wechat_subscribe:news', channel_text: '小程序订阅消息', name: '通知公告提醒', sent: 3, per_day: 1000 })
  const paused = quota({ key: 'sms', channel_text: '短信', per_day: null, bulk_per_day: null, bulk_stopped: 'refused',
    bulk_until: '2026-11-23T09:37:10+08:00' })

  it('say how much is used of what there is', () => {
    expect(used(quota())).toEqual({ width: '40%', text: '40%' })
    expect(used(quota({ sent: 3 }))?.text).toBe('不到 1%')
    expect(used(quota({ sent: 0 }))?.text).toBe('0%')
    expect(used(paused)).toBeNull()
    expect(count(10_000_000)).toBe('10,000,000')
    expect(quotaFinding(health({ quotas: [template, quota()] }))).toBe('额度用得最多的是服务号模板消息，今天用了 40%')
    expect(quotaFinding(health({ quotas: [template] }))).toBe('额度用得最多的是小程序订阅消息：通知公告提醒，今天用了不到 1%')
    expect(quotaFinding(health({ quotas: [quota({ sent: 0 })] }))).toBe('今天的额度几乎没用')
  })

  it('say where notices wait, until when and why', () => {
    const now = health().as_of
    expect(stoppedText(quota(), now)).toBe('')
    expect(stoppedText(paused, now)).toBe('停到 9:37：平台说超额了')
    expect(stoppedText(quota({ bulk_stopped: 'spent', bulk_until: '2026-11-24T00:00:01+08:00' }), now)).toBe(
      '停到明天 0:00：一天 90,000 条用完了，余下的留给急事',
    )
    expect(stoppedText({ ...paused, bulk_until: '2026-11-24T00:20:00+08:00' }, now)).toContain('11月24日')
    expect(quotaFinding(health({ quotas: [quota(), paused] }))).toBe('短信的通知和群发先停着，急的照发')
  })

  it('say that nobody counts without Redis', () => {
    expect(quotaFinding(health({ quotas: [quota({ sent: null })] }))).toContain('数不了用量')
    expect(used(quota({ sent: null }))).toBeNull()
  })
})

describe('the figures of consents', () => {
  const template = {
    key: 'booked', title: '预约成功提醒', people: 0, grants: 0, long_term: 0, granted: 5, declined: 0, spent: 3,
    withdrawn: 0, lost: 0, wanted: 8, without: 2,
  }
  const figures = (...templates: (typeof template)[]): ConsentFigures => ({
    from: '2026-11-01', to: '2026-11-02', as_of: '2026-11-02T09:00:00+08:00', templates, days: [],
  })

  it('say what was granted and what went without', () => {
    expect(consentFinding(figures(template))).toBe('授权 5 次，用掉 3 次，没有人收回')
    expect(consentFinding(figures({ ...template, withdrawn: 2 }))).toBe('授权 5 次，用掉 3 次，收回 2 次')
    expect(consentFinding(figures({ ...template, granted: 0, spent: 0 }))).toBe('这些天没有人授权，也没有用掉授权')
    expect(withoutFinding([template])).toBe('8 条该用微信提醒的，25% 没有授权，走了别的方式或只留在站内，预约成功提醒最多')
    expect(withoutFinding([{ ...template, wanted: 0, without: 0 }])).toBe('这些天没有要用微信提醒的消息')
  })
})
