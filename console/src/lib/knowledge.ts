import type {
  ArticleContent,
  ArticleQuery,
  ArticleStep,
  ArticleVersion,
  Audience,
  MaterialKind,
  VersionState,
} from '@/api/knowledge'
import { addDays } from './format'

/** Words and rules of the knowledge base's pages. */

export const AUDIENCES: Record<Audience, string> = { public: '公开', internal: '仅内部' }
export const MATERIAL_KINDS: Record<MaterialKind, string> = {
  policy: '政策',
  guide: '办事指引',
  qa: '问答',
  announcement: '公告',
}
export const LIST_STATES: { value: string; label: string }[] = [
  { value: '', label: '全部' },
  { value: 'draft', label: '采编中' },
  { value: 'department_review', label: '部门审核' },
  { value: 'centre_review', label: '中心审核' },
  { value: 'waiting', label: '待生效' },
  { value: 'published', label: '已发布' },
  { value: 'withdrawn', label: '已下架' },
  { value: 'expired', label: '已失效' },
  { value: 'archived', label: '已归档' },
]
export const NO_ARTICLE_FILTER: ArticleQuery = {
  state: '',
  department: '',
  audience: '',
  mine: '',
  expiring: '',
  q: '',
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

export interface ChainStep {
  title: string
  /** Who did it, or who may. */
  who: string
  state: 'done' | 'now' | 'later'
}

const ORDER: VersionState[] = ['draft', 'department_review', 'centre_review', 'waiting', 'published']

/** The way of one version through the review: three people, each another one. */
export function chainOf(version: ArticleVersion, department: string): ChainStep[] {
  const at = ORDER.indexOf(version.state === 'superseded' || version.state === 'withdrawn' ? 'published' : version.state)
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
    title: version.state === 'superseded' ? '已被新版替换' : version.state === 'withdrawn' ? '已下架' : '发布',
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
    reason: { label: '意见', placeholder: '例如：已和最新文件核对', optional: true },
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
    step: 'archivals',
    can: 'archive',
    label: '归档',
    title: '归档这一篇？',
    intro: '归档后只供查阅，不再参与搜索。',
    done: '归档了',
  },
]

export const stepsFor = (can: string[]) => STEPS.filter((one) => can.includes(one.can))

/** What the editor asks before it is sent to review; by field. */
export function contentProblems(content: ArticleContent): Record<string, string> {
  const found: Record<string, string> = {}
  if (!content.title.trim()) found.title = '请写标题'
  else if ([...content.title].length > 128) found.title = '标题最多 128 个字'
  if (content.audience === 'public' && !content.public_text.trim()) found.public_text = '公开的文章要写答复正文'
  if (!content.public_text.trim() && !content.internal_text.trim()) found.internal_text = '正文不能都空着'
  if (!content.issuing_unit.trim()) found.issuing_unit = '请写发布单位'
  const long = content.keywords.find((one) => [...one].length > 20)
  if (long) found.keywords = `“${long.slice(0, 8)}…”太长，每个关键词最多 20 个字`
  if (!content.effective_on) found.effective_on = '请选生效日期'
  if (content.effective_on && content.expires_on && content.expires_on <= content.effective_on)
    found.expires_on = '失效日期要晚于生效日期'
  if (content.source_url && !/^https?:\/\/\S+$/.test(content.source_url)) found.source_url = '网址以 http:// 或 https:// 开头'
  return found
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
