import type {
  ArticleContent,
  ArticleQuery,
  ArticleStep,
  ArticleVersion,
  Audience,
  MaterialKind,
  UsageRow,
  VersionState,
} from '@/api/knowledge'
import type { Permission } from '@/api/types'
import type { Field } from './eventActions'
import { addDays } from './format'

/** Words and rules of the knowledge base's pages. */

/** The pages of the section, as tabs. */
export const KNOWLEDGE_PAGES: { path: string; title: string; needs: Permission[] }[] = [
  { path: '/knowledge', title: '文章', needs: ['knowledge.read'] },
  { path: '/knowledge/search', title: '搜一搜', needs: ['knowledge.read'] },
  { path: '/knowledge/corrections', title: '纠错', needs: ['knowledge.edit', 'knowledge.publish', 'knowledge.correct'] },
  { path: '/knowledge/misses', title: '没搜到的', needs: ['knowledge.edit', 'knowledge.publish'] },
  { path: '/knowledge/usage', title: '用了多少', needs: ['knowledge.edit', 'knowledge.publish', 'reports.view'] },
  { path: '/knowledge/import', title: '导入导出', needs: ['knowledge.read'] },
]

export const AUDIENCES: Record<Audience, string> = { public: '公开', internal: '内部' }
export const MATERIAL_KINDS: Record<MaterialKind, string> = {
  policy: '政策文件',
  guide: '办事指引',
  qa: '问答',
  announcement: '公告通知',
}
export const LIST_STATES: { value: string; label: string }[] = [
  { value: '', label: '全部状态' },
  { value: 'draft', label: '采编中' },
  { value: 'department_review', label: '部门审核' },
  { value: 'centre_review', label: '中心审核' },
  { value: 'waiting', label: '待生效' },
  { value: 'published', label: '已发布' },
  { value: 'withdrawn', label: '已下架' },
  { value: 'expired', label: '已失效' },
  { value: 'archived', label: '已归档' },
]
export const EXPIRING: { value: string; label: string }[] = [
  { value: '', label: '不论到期' },
  { value: '7', label: '7 天内到期' },
  { value: '30', label: '30 天内到期' },
]
export const NO_ARTICLE_FILTER: ArticleQuery = {
  state: '',
  department: '',
  audience: '',
  mine: '',
  expiring: '',
  q: '',
}

export const USES = { viewed: '看过', inserted: '放进答复', sent: '发给来电人', helpful: '有用', unhelpful: '没用' } as const

export const CORRECTION_STATES = [
  { value: 'open', label: '待答复' },
  { value: 'accepted', label: '已采纳' },
  { value: 'rejected', label: '未采纳' },
  { value: 'all', label: '全部' },
]
export const MISS_STATES = [
  { value: 'open', label: '待补充' },
  { value: 'filled', label: '已补充' },
  { value: 'dismissed', label: '不必补充' },
]

/** What the usage says, in one sentence. */
export function usageFinding(rows: UsageRow[]): string {
  const inserted = rows.reduce((sum, one) => sum + one.inserted, 0)
  const first = rows.reduce<UsageRow | null>((best, one) => (one.inserted > (best?.inserted ?? 0) ? one : best), null)
  if (first) return `放进答复 ${inserted} 次，“${first.title}”最多，${first.inserted} 次`
  const viewed = rows.reduce((sum, one) => sum + one.viewed, 0)
  return viewed ? `看过 ${viewed} 次，还没有放进过答复` : '这段时间没有人用过'
}

/** The name StateTag knows a state by. */
export const tagOf = (state: string) => `article_${state}`

/** How an expiry date is told; `near` within thirty days, as the reminders are. */
export function expiryText(expiresOn: string | null, today: string): { text: string; tone: '' | 'near' | 'over' } {
  if (!expiresOn) return { text: '长期有效', tone: '' }
  if (expiresOn < today) return { text: `${expiresOn} 已失效`, tone: 'over' }
  if (expiresOn === today) return { text: '今天到期', tone: 'near' }
  for (let days = 1; days <= 30; days += 1)
    if (addDays(today, days) === expiresOn) return { text: `还有 ${days} 天到期`, tone: 'near' }
  return { text: expiresOn, tone: '' }
}

export const BLANK_CONTENT: ArticleContent = {
  title: '',
  summary: '',
  public_text: '',
  internal_text: '',
  material_kind: 'guide',
  keywords: [],
  issuing_unit: '',
  document_number: '',
  category_code: '',
  audience: 'internal',
  region_codes: [],
  effective_on: null,
  expires_on: null,
  source_url: '',
  change_note: '',
  related: [],
  files: [],
}

export interface ChainStep {
  title: string
  /** Who did it, or who may. */
  who: string
  state: 'done' | 'now' | 'later'
}

const ORDER: VersionState[] = ['draft', 'department_review', 'centre_review', 'waiting', 'published']

/** The way of one version through the review: three people, each another one. */
export function chainOf(version: ArticleVersion, department: string): ChainStep[] {
  const at = ORDER.indexOf(version.state === 'superseded' ? 'published' : version.state)
  const step = (index: number, title: string, who: string): ChainStep => ({
    title,
    who,
    state: index < at ? 'done' : index === at ? 'now' : 'later',
  })
  const found = [
    step(0, '采编', version.author_name),
    step(1, '部门审核', version.department_reviewer_name ?? `${department}负责人，不能是采编人`),
    step(2, '热线中心审核', version.centre_reviewer_name ?? '热线审核员，不能是前两位'),
  ]
  if (version.state === 'waiting')
    found.push({ title: '待生效', who: `${version.effective_on ?? ''} 自动发布`, state: 'now' })
  found.push({
    title: version.state === 'superseded' ? '已被新版替换' : '发布',
    who: version.published_at ? '自动' : '审核通过后自动',
    state: version.published_at ? 'done' : 'later',
  })
  return found
}

export interface StepForm {
  step: ArticleStep
  /** The word of the article's `can` that allows it. */
  can: string
  label: string
  title: string
  intro?: string
  /** What has to be written, when something has to. */
  reason?: { label: string; placeholder: string; optional?: boolean }
  date?: { name: string; label: string }
  danger?: boolean
  main?: boolean
  done: string
}

/** In the order of the buttons. */
export const STEPS: StepForm[] = [
  {
    step: 'submissions',
    can: 'submit',
    label: '提交审核',
    title: '提交部门审核？',
    intro: '提交后由本部门负责人审核，审核前不能再改。',
    main: true,
    done: '提交了，等部门审核',
  },
  {
    step: 'approvals',
    can: 'approve',
    label: '审核通过',
    title: '审核通过？',
    intro: '通过即确认内容准确、可以对外答复。',
    main: true,
    done: '审核通过了',
  },
  {
    step: 'returns',
    can: 'return',
    label: '退回修改',
    title: '退回给采编人修改',
    reason: { label: '要改什么', placeholder: '例如：第三条的金额已调整，请按新文件改' },
    danger: true,
    done: '退回了，采编人会收到通知',
  },
  {
    step: 'recalls',
    can: 'recall',
    label: '撤回修改',
    title: '撤回来修改？',
    intro: '撤回后可以再改，改好重新提交，已经过的审核要重来。',
    done: '撤回了，可以修改',
  },
  { step: 'drafts', can: 'draft', label: '修改', title: '写新的一版？', intro: '线上的这一版继续有效，新版审核通过后替换它。', done: '' },
  {
    step: 'renewals',
    can: 'renew',
    label: '续期',
    title: '延长有效期',
    intro: '内容没有变化、只延长时间时用。',
    date: { name: 'expires_on', label: '有效到' },
    done: '续期好了',
  },
  {
    step: 'withdrawals',
    can: 'withdraw',
    label: '下架',
    title: '马上下架？',
    intro: '下架后话务员和群众立刻搜不到，旧链接会说明已下架。',
    reason: { label: '为什么下架', placeholder: '例如：文件已废止' },
    danger: true,
    done: '下架了',
  },
  {
    step: 'discards',
    can: 'discard',
    label: '放弃草稿',
    title: '放弃这一版草稿？',
    intro: '写的内容不再出现，线上的版本不受影响。',
    danger: true,
    done: '放弃了',
  },
  {
    step: 'archivals',
    can: 'archive',
    label: '归档',
    title: '归档这一篇？',
    intro: '归档后只供查阅，不再参与搜索。',
    done: '归档了',
  },
]

/** The form of a step, as the shared dialog draws it. */
export function stepFields(form: StepForm): Field[] {
  const found: Field[] = []
  if (form.date) found.push({ name: form.date.name, label: form.date.label, kind: 'day' })
  if (form.reason)
    found.push({
      name: 'reason',
      label: form.reason.label,
      kind: 'text',
      most: 500,
      placeholder: form.reason.placeholder,
      optional: form.reason.optional,
    })
  return found
}

export const stepsFor = (can: string[]) => STEPS.filter((one) => can.includes(one.can))

/** Why somebody who reviews otherwise may not review this version; empty when nothing is against it. */
export function cannotReview(
  version: Pick<ArticleVersion, 'writer_names' | 'department_reviewer_name'> & { state: string },
  name: string,
): string {
  if (version.state !== 'department_review' && version.state !== 'centre_review') return ''
  if (version.writer_names.includes(name)) return '您写过这一版，请由别人审核。'
  if (version.state === 'centre_review' && version.department_reviewer_name === name)
    return '部门审核和热线中心审核不能是同一个人。'
  return ''
}

/** 养老, 医保；社保 — by any of the usual marks, each once. */
export const keywordsOf = (text: string) => [
  ...new Set(
    text
      .split(/[,，、;；\s]+/)
      .map((one) => one.trim())
      .filter(Boolean),
  ),
]
