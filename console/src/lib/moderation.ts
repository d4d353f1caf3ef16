import type { ContentCheck, ModerationCase } from '@/api/topics'

/** Reported posts, appeals and what the content check doubts, as one queue for one desk. */
export interface Doubt {
  id: string
  from: 'case' | 'check'
  kindText: string
  texts: string[]
  pictures: string[]
  author: string
  topic: ModerationCase['topic'] | null
  /** Why it lies here: what neighbours or the check said. */
  why: string[]
  appeal: string
  since: string
  dueAt: string | null
  can: string[]
}

const SUBJECTS: Record<string, string> = {
  topic: '议题',
  comment: '发言',
  statement: '观点',
  topic_comment: '发言',
  topic_statement: '观点',
  objection: '异议',
  wish: '心愿',
  help_request: '求助',
  event_result: '处置结果',
  ticket_title: '咨询标题',
}
export const subjectText = (kind: string) => SUBJECTS[kind] ?? '发布的内容'

export const ofCase = (one: ModerationCase): Doubt => ({
  id: one.id,
  from: 'case',
  kindText: `${subjectText(one.post_kind)}${one.kind === 'appeal' ? '申诉' : '被举报'}`,
  texts: [one.text],
  pictures: one.pictures.map((file) => file.url),
  author: one.author,
  topic: one.topic,
  why: [
    ...one.reports.map((report) => [report.why_text, report.words].filter(Boolean).join('：')),
    ...(one.reason ? [`隐藏的原因：${one.reason}`] : []),
  ],
  appeal: one.appeal,
  since: one.since,
  dueAt: null,
  can: one.can,
})

export const ofCheck = (one: ContentCheck): Doubt => ({
  id: one.id,
  from: 'check',
  kindText: `${subjectText(one.subject_kind)}待复核`,
  texts: one.texts,
  pictures: one.pictures,
  author: one.author,
  topic: null,
  why: one.why ? [one.why] : [],
  appeal: one.appeal,
  since: one.since,
  dueAt: one.due_at,
  can: one.can,
})

/** The most urgent first: what has a deadline by its deadline, the rest by when it came. */
export const inOrder = (list: Doubt[]) =>
  [...list].sort((a, b) => (a.dueAt ?? a.since).localeCompare(b.dueAt ?? b.since))

export interface Decision {
  code: string
  label: string
  done: string
  danger?: boolean
  /** The author reads it. */
  reason: boolean
}
const DECISIONS: Decision[] = [
  { code: 'pass', label: '通过', done: '通过了，邻居能看到了', reason: false },
  { code: 'refuse', label: '不通过', done: '没有通过，作者会看到原因', danger: true, reason: true },
  { code: 'keep', label: '没有问题，保留', done: '保留了', reason: false },
  { code: 'hide', label: '隐藏', done: '隐藏了，作者会看到原因', danger: true, reason: true },
  { code: 'restore', label: '恢复显示', done: '恢复了，作者会看到', reason: true },
  { code: 'uphold', label: '维持隐藏', done: '维持隐藏，作者会看到原因', danger: true, reason: true },
]
export const decisionsFor = (can: string[]) => DECISIONS.filter((one) => can.includes(one.code))
