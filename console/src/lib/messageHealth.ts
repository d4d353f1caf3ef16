import type { ChannelHealth, ConsentFigures, MessageHealth, MessageQuota, TemplateConsent } from '@/api/messages'
import type { Plot } from './chartOptions'
import { percent } from './findings'
import { addDays, clock, isoDate, momentText } from './format'

/** What the figures of the channels and of the consents say, in words and charts. */

const STEP_MS = 5 * 60_000
/** A process of the background that is silent for longer than this is taken for dead. */
const SILENT_MS = 30_000

/** 0.8 秒, 12 秒, 3 分钟, 2 小时 5 分钟; — for none. */
export function secondsText(value: number | null): string {
  if (value === null) return '—'
  if (value < 10) return `${Math.round(value * 10) / 10} 秒`
  if (value < 120) return `${Math.round(value)} 秒`
  const minutes = Math.round(value / 60)
  if (minutes < 60) return `${minutes} 分钟`
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return rest ? `${hours} 小时 ${rest} 分钟` : `${hours} 小时`
}

export interface Part {
  label: string
  value: string
  bad: boolean
  note?: string
}

/** The parts that all channels need: what is well and what is not. */
export function partsOf(health: MessageHealth): Part[] {
  const silent = health.worker_at ? Date.parse(health.as_of) - Date.parse(health.worker_at) : Infinity
  const { waiting, oldest_seconds: oldest, failing } = health.pushes
  return [
    {
      label: '发送进程',
      value: silent > SILENT_MS ? '停了' : '在跑',
      bad: silent > SILENT_MS,
      note: silent > SILENT_MS ? '消息都在排队，请让技术人员看看' : undefined,
    },
    {
      label: '缓存（Redis）',
      value: health.redis ? '正常' : '连不上',
      bad: !health.redis,
      note: health.redis ? undefined : '通知类先停，叫号和变更照发',
    },
    ...health.tokens.map((one) => ({
      label: `${one.name}凭证`,
      value: one.seconds_left === null ? '用时再取' : `还有 ${secondsText(one.seconds_left)}`,
      bad: false,
    })),
    {
      label: '回调待处理',
      value: `${waiting} 条`,
      bad: failing > 0 || (oldest ?? 0) > 60,
      note: failing ? `${failing} 条处理不了，会再试` : oldest && oldest > 60 ? `最早的等了 ${secondsText(oldest)}` : undefined,
    },
  ]
}

const sum = <T>(rows: T[], size: (row: T) => number) => rows.reduce((total, row) => total + size(row), 0)
/** Calls that came to nothing, those people aside who are merely reached another way. */
export const failedOf = (one: ChannelHealth) => sum(one.failures.filter((row) => !row.expected), (row) => row.count)

export function hourFinding(health: MessageHealth): string {
  const [out, taken] = [sum(health.channels, (one) => one.handed_over), sum(health.channels, (one) => one.accepted)]
  const waits = health.channels.filter((one) => one.state === 'slow').map((one) => one.channel_text)
  const queue = waits.length ? `；${waits.join('、')}有积压` : ''
  if (!out) return `近一小时没有发过消息${queue}`
  const failed = sum(health.channels, failedOf)
  return `近一小时交出 ${out} 次，平台收下 ${taken} 次${failed ? `，${failed} 次没成` : ''}${queue}`
}

export interface StepRow {
  at: string
  accepted: number
  failed: number
}

/** The last hour in steps of five minutes, all channels together, with those in which nothing happened. */
export function stepRows(health: MessageHealth): StepRow[] {
  const end = Math.floor(Date.parse(health.as_of) / STEP_MS) * STEP_MS
  return Array.from({ length: health.minutes / 5 + 1 }, (_, index) => {
    const at = end - (health.minutes / 5 - index) * STEP_MS
    const own = health.steps.filter((one) => Date.parse(one.at) === at)
    return { at: new Date(at).toISOString(), accepted: sum(own, (one) => one.accepted), failed: sum(own, (one) => one.failed) }
  })
}

/** Which five minutes had most to do. */
export function stepFinding(rows: StepRow[]): string {
  const most = rows.reduce((best, row) => (row.accepted + row.failed > best.accepted + best.failed ? row : best))
  const calls = most.accepted + most.failed
  if (!calls) return '近一小时没有发过消息'
  return `${clock(most.at)} 起最忙，五分钟交出 ${calls} 次${most.failed ? `，${most.failed} 次没成` : ''}`
}

export const stepPlot = (rows: StepRow[]): Plot => ({
  labels: rows.map((row) => clock(row.at)),
  unit: '次',
  stacked: true,
  series: [
    { name: '平台收下', values: rows.map((row) => row.accepted), tone: 'strong' },
    { name: '没成', values: rows.map((row) => row.failed), tone: 'bad' },
  ],
})

export interface FailureRow {
  channel: string
  text: string
  count: number
  expected: boolean
}

export const failureRows = (health: MessageHealth): FailureRow[] =>
  health.channels
    .flatMap((one) => one.failures.map((row) => ({ ...row, channel: one.channel_text })))
    .sort((a, b) => Number(a.expected) - Number(b.expected) || b.count - a.count)

export function failureFinding(rows: FailureRow[]): string {
  const real = rows.filter((row) => !row.expected)
  const [first] = real
  if (first) return `没成最多的原因：${first.text}，${first.count} 次`
  return rows.length ? '没有出错；有人没有授权或没有关注，改用了别的方式' : '近一小时没有一次失败'
}

/** 10,000,000 */
export const count = (value: number) => value.toLocaleString('en-US')
/** The channel, or the template or group of it that is counted apart. */
export const quotaName = (one: MessageQuota) => (one.name ? `${one.channel_text}：${one.name}` : one.channel_text)
const usedOf = (one: MessageQuota) => (one.per_day && one.sent !== null ? one.sent / one.per_day : null)

const smallPercent = (share: number) => (share > 0 && share < 0.01 ? '不到 1%' : percent(share))
/** How much of the day is used: its width in a bar, and in words; null where there is no quota. */
export function used(one: MessageQuota): { width: string; text: string } | null {
  const share = usedOf(one)
  return share === null ? null : { width: `${Math.min(100, share * 100)}%`, text: smallPercent(share) }
}

/** Until when notices wait, and why. Nothing where they go. */
export function stoppedText(one: MessageQuota, now: string): string {
  if (!one.bulk_until) return ''
  const until = one.bulk_stopped === 'spent' ? '明天 0:00' : isoDate(one.bulk_until) === isoDate(now) ? clock(one.bulk_until) : momentText(one.bulk_until)
  const why = one.bulk_stopped === 'spent' ? `一天 ${count(one.bulk_per_day ?? 0)} 条用完了，余下的留给急事` : '平台说超额了'
  return `停到${/^\d/.test(until) ? ' ' : ''}${until}：${why}`
}

export function quotaFinding(health: MessageHealth): string {
  const stopped = health.quotas.filter((one) => one.bulk_until)
  if (stopped.length) return `${stopped.map(quotaName).join('、')}的通知和群发先停着，急的照发`
  if (health.quotas.some((one) => one.sent === null)) return '缓存连不上，数不了用量；通知和群发先停着，急的照发'
  const most = [...health.quotas].sort((a, b) => (usedOf(b) ?? 0) - (usedOf(a) ?? 0))[0]
  const share = most ? usedOf(most) : null
  if (!most || !share) return '今天的额度几乎没用'
  return `额度用得最多的是${quotaName(most)}，今天用了${share < 0.01 ? '' : ' '}${smallPercent(share)}`
}

export function consentFinding(figures: ConsentFigures): string {
  const granted = sum(figures.templates, (one) => one.granted)
  const spent = sum(figures.templates, (one) => one.spent)
  if (!granted && !spent) return '这些天没有人授权，也没有用掉授权'
  const withdrawn = sum(figures.templates, (one) => one.withdrawn)
  return `授权 ${granted} 次，用掉 ${spent} 次${withdrawn ? `，收回 ${withdrawn} 次` : '，没有人收回'}`
}

export function withoutFinding(rows: TemplateConsent[]): string {
  const [wanted, without] = [sum(rows, (one) => one.wanted), sum(rows, (one) => one.without)]
  if (!wanted) return '这些天没有要用微信提醒的消息'
  const worst = [...rows].sort((a, b) => b.without - a.without)[0]
  const most = worst && worst.without ? `，${worst.title}最多` : ''
  return `${wanted} 条该用微信提醒的，${percent(without / wanted)} 没有授权，走了别的方式或只留在站内${most}`
}

export const consentPlot = (figures: ConsentFigures): Plot => ({
  labels: figures.days.map((one) => one.day.slice(5)),
  unit: '次',
  series: [
    { name: '授权', values: figures.days.map((one) => one.granted), tone: 'strong' },
    { name: '用掉', values: figures.days.map((one) => one.spent), tone: 'pale' },
    { name: '收回', values: figures.days.map((one) => one.withdrawn), tone: 'bad' },
  ],
})

export const shareText = (part: number, whole: number) => (whole ? percent(part / whole) : '—')
/** The last thirty days up to a day. */
export const monthUpTo = (day: string) => ({ from: addDays(day, -29), to: day })
