import type { DraftBody, TopicDraft, TopicFilter } from '@/api/topics'
import type { Body } from './merging'
import type { Field } from './eventActions'

/** Words and forms about topics. */

export const NO_TOPIC_FILTER: TopicFilter = { community: '', state: 'open', kind: '', q: '' }
export const KINDS = [
  { value: 'matter', label: '议事' },
  { value: 'owners_ordinary', label: '业主共同决定（一般事项）' },
  { value: 'owners_major', label: '业主共同决定（重大事项）' },
  { value: 'lift', label: '加装电梯' },
  { value: 'village', label: '四议两公开' },
  { value: 'survey', label: '问卷调查' },
  { value: 'intent', label: '意向征集' },
  { value: 'budget', label: '参与式选择' },
]
export const TOPIC_STATES = [
  { value: 'open', label: '进行中' },
  { value: 'submitted', label: '待受理' },
  { value: 'discussing', label: '讨论中' },
  { value: 'drafting', label: '形成方案' },
  { value: 'noticing', label: '公示' },
  { value: 'voting', label: '表决中' },
  { value: 'objection', label: '结果公示' },
  { value: 'carrying_out', label: '落实中' },
  { value: 'ended', label: '已结束' },
]
export const BALLOTS = [
  { value: 'single', label: '选一项' },
  { value: 'multiple', label: '可选多项' },
  { value: 'ranked', label: '按喜好排序' },
  { value: 'budget', label: '在预算内选项目' },
]
/** A lift is decided by those of one entrance; everything else may be the whole estate's. */
export const scopesOf = (kind: string) =>
  kind === 'lift'
    ? [{ value: 'entrance', label: '一个单元' }]
    : kind === 'village'
      ? [{ value: 'community', label: '全村' }]
      : [
          { value: 'community', label: '全小区' },
          { value: 'building', label: '一栋楼' },
          { value: 'entrance', label: '一个单元' },
        ]

/** Where: the community, and the part of it when it is about one. */
export const placeText = (topic: { community: { name: string }; scope_text: string }) =>
  [...new Set([topic.community.name, topic.scope_text])].filter(Boolean).join(' · ')

export interface TopicAction {
  /** The word of the topic's `can` that allows it. */
  code: string
  label: string
  path: string
  fields: Field[]
  intro?: string
  yes: string
  done: string
  danger?: boolean
  /** Goes with the request. */
  fixed?: Record<string, unknown>
  /** The answer's number fields, which a form gives as text. */
  numbers?: string[]
}

const reason = (placeholder: string, most = 300): Field => ({
  name: 'reason',
  label: '原因（会告诉发起人和邻居）',
  kind: 'text',
  most,
  placeholder,
})
const days = (label: string): Field => ({
  name: 'days',
  label,
  kind: 'line',
  optional: true,
  most: 3,
  hint: '不填就按规则里通常的天数',
})

/** In the order of the buttons: what moves the topic on comes first. */
export const TOPIC_ACTIONS: TopicAction[] = [
  {
    code: 'accept',
    label: '受理',
    path: 'acceptances',
    fields: [{ name: 'note', label: '给发起人的话', kind: 'text', most: 200, optional: true, placeholder: '例如：下周开始讨论，欢迎邀请邻居参加' }],
    yes: '受理',
    done: '受理了，发起人会收到通知',
  },
  {
    code: 'decline',
    label: '不受理',
    path: 'declines',
    fields: [reason('例如：这件事属于物业合同范围，已转物业服务中心')],
    yes: '不受理',
    done: '不受理，原因已告诉发起人',
    danger: true,
  },
  {
    code: 'notice',
    label: '公示方案',
    path: 'notices',
    numbers: ['days'],
    fields: [days('公示几天')],
    intro: '公示的是最新一版方案，公示后不能再改；要改先撤回公示。',
    yes: '公示',
    done: '公示了，可以打印公告张贴',
  },
  {
    code: 'discuss',
    label: '开始讨论',
    path: 'stages',
    fixed: { action: 'discuss' },
    numbers: ['days'],
    fields: [days('讨论几天'), { name: 'reason', label: '为什么再讨论', kind: 'text', most: 300, optional: true, hint: '从写方案退回讨论时要写' }],
    yes: '开始讨论',
    done: '开始讨论了',
  },
  {
    code: 'draft',
    label: '写方案',
    path: 'stages',
    fixed: { action: 'draft' },
    fields: [],
    intro: '讨论到此为止，开始把大家的意见写成方案。',
    yes: '开始写方案',
    done: '可以写方案了',
  },
  {
    code: 'carry_out',
    label: '直接落实',
    path: 'stages',
    fixed: { action: 'carry_out' },
    fields: [],
    intro: '这类议题不用表决，按方案直接去办。',
    yes: '开始落实',
    done: '开始落实了',
  },
  {
    code: 'close',
    label: '办结',
    path: 'closings',
    fields: [{ name: 'summary', label: '办成了什么', kind: 'text', most: 500, placeholder: '例如：3 月 2 日安装完成并通过验收，已交物业维护' }],
    yes: '办结',
    done: '办结了，参加的邻居会收到通知',
  },
  {
    code: 'prolong',
    label: '延长讨论',
    path: 'stages',
    fixed: { action: 'prolong' },
    numbers: ['days'],
    fields: [days('再讨论几天'), reason('例如：还有两栋楼的邻居没有看到')],
    yes: '延长',
    done: '延长了',
  },
  {
    code: 'redraft',
    label: '撤回公示',
    path: 'stages',
    fixed: { action: 'redraft' },
    fields: [reason('例如：费用分摊表算错了，改好再公示')],
    yes: '撤回公示',
    done: '撤回了，可以改方案',
    danger: true,
  },
  {
    code: 'state',
    label: '加一句观点',
    path: 'statements',
    fields: [{ name: 'text', label: '请邻居表态的一句话', kind: 'text', most: 140, placeholder: '例如：快递柜应该放在东门' }],
    yes: '加上',
    done: '加上了',
  },
]
export const actionsFor = (can: string[]) => TOPIC_ACTIONS.filter((one) => can.includes(one.code))

/** A form's texts as the server takes them; an empty number is left out. */
export function actionBody(action: TopicAction, body: Record<string, unknown>): Record<string, unknown> {
  const sent: Record<string, unknown> = { ...action.fixed }
  for (const [name, value] of Object.entries(body)) {
    if (!action.numbers?.includes(name)) sent[name] = value
    else if (value !== '') sent[name] = Number(value)
  }
  return sent
}

/** "12,000.50" to 1200050; null when it is no amount. No float takes part. */
export function centsOf(text: string): number | null {
  const found = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.replaceAll(',', '').trim())
  if (!found) return null
  return Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0') || 0)
}
export const fromCents = (cents: number | null) =>
  cents === null ? '' : cents % 100 ? `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}` : String(cents / 100)

/** Options as lines that people write: "方案一 | 说明 | 12000". The code stays with its place. */
export function optionsOf(text: string): { code: string; text: string; detail: string; cost_cents: number | null }[] {
  return text
    .split('\n')
    .map((line) => line.split(/[|｜]/).map((part) => part.trim()))
    .filter(([name]) => name)
    .map(([name, detail = '', cost = ''], at) => ({
      code: `o${at + 1}`,
      text: name!,
      detail,
      cost_cents: cost ? centsOf(cost) : null,
    }))
}
export const optionLinesOf = (options: TopicDraft['options']) =>
  options
    .map((one) => [one.text, one.detail, fromCents(one.cost_cents)].join(' | ').replace(/( \| )+$/, ''))
    .join('\n')

/** A plain question has its three answers from the rule; they are not written as options. */
const PLAIN = ['agree', 'oppose', 'abstain']
export const isPlain = (draft: Pick<TopicDraft, 'options' | 'ballot'>) =>
  draft.ballot === 'single' && draft.options.every((one) => PLAIN.includes(one.code))

export const DRAFT_FIELDS: Record<string, string> = {
  text: '方案正文',
  question: '表决的问题',
  ballot: '怎么选',
  options: '选项',
  least: '至少选几项',
  most: '最多选几项',
  budget: '总预算（元）',
  secret: '不记名',
}
export function draftForm(draft: TopicDraft | null): Body {
  return {
    text: draft?.text ?? '',
    question: draft?.question ?? '',
    ballot: draft?.ballot ?? 'single',
    options: draft && !isPlain(draft) ? optionLinesOf(draft.options) : '',
    least: String(draft?.least ?? 1),
    most: String(draft?.most ?? 1),
    budget: fromCents(draft?.budget_cents ?? null),
    secret: draft?.secret ? 'yes' : '',
  }
}
export function draftBody(form: Body, note: string): DraftBody {
  return {
    text: (form.text ?? '').trim(),
    question: (form.question ?? '').trim(),
    ballot: (form.ballot || 'single') as DraftBody['ballot'],
    options: optionsOf(form.options ?? ''),
    least: Number(form.least) || 1,
    most: Number(form.most) || 1,
    budget_cents: form.ballot === 'budget' ? centsOf(form.budget ?? '') : null,
    secret: form.secret === 'yes',
    note: note.trim(),
  }
}
export function draftProblems(form: Body): Record<string, string> {
  const found: Record<string, string> = {}
  if (!form.text?.trim()) found.text = '请写方案正文'
  if (!form.question?.trim()) found.question = '请写让大家表决的问题'
  const options = optionsOf(form.options ?? '')
  if (form.ballot !== 'single' && options.length < 2) found.options = '至少写两个选项，一行一个'
  if (form.ballot === 'budget' && options.some((one) => !one.cost_cents)) found.options = '每个项目都要写金额：名称 | 说明 | 金额'
  if (form.ballot === 'budget' && !centsOf(form.budget ?? '')) found.budget = '请写总预算，例如 50000'
  return found
}
/** Words for a choice's code in a comparison. */
export const draftWords = (name: string, value: string) =>
  name === 'ballot'
    ? (BALLOTS.find((one) => one.value === value)?.label ?? value)
    : name === 'secret'
      ? '不记名'
      : value

/** The tabs of a topic's page that have something in them or something to do. */
export function topicTabs(topic: { can: string[]; stages: { state: string; status: string }[]; drafts: unknown[]; votes: unknown[]; objections: unknown[]; progress: unknown[] }) {
  const drafting = topic.drafts.length > 0 || topic.can.includes('save_draft')
  const talked = topic.stages.some((one) => one.state === 'discussing' && one.status !== 'todo')
  const stating = talked || topic.can.includes('state')
  const voting = topic.votes.length > 0 || topic.can.includes('open_vote')
  const carrying = topic.progress.length > 0 || topic.can.includes('progress')
  return [
    { value: 'about', label: '概况' },
    { value: 'talk', label: '讨论' },
    ...(stating ? [{ value: 'opinions', label: '看法' }] : []),
    ...(drafting ? [{ value: 'draft', label: '方案', count: topic.drafts.length || null }] : []),
    ...(voting ? [{ value: 'vote', label: '表决' }] : []),
    ...(topic.objections.length ? [{ value: 'objections', label: '异议', count: topic.objections.length }] : []),
    ...(carrying ? [{ value: 'progress', label: '落实反馈' }] : []),
  ] as { value: string; label: string; count?: number | null }[]
}
