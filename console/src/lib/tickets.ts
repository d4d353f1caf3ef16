import type { TicketCard, TicketDetail, TicketFilter } from '@/api/hotline'
import type { Permission, Staff } from '@/api/types'
import { momentText } from './format'
import { may } from './permissions'

/** Words for tickets: states, kinds, what each desk shows, what happens next. */

export const TICKET_STATES: Record<string, string> = {
  pending: '待受理',
  to_dispatch: '待派单',
  to_sign: '待签收',
  return_review: '退单审核',
  arbitration: '退单仲裁',
  handling: '办理中',
  extension_review: '延期审核',
  hold_review: '挂账审核',
  on_hold: '挂账中',
  unit_review: '待部门审核',
  centre_review: '待中心审核',
  callback: '待回访',
  judgement: '不满意研判',
  closed: '办结',
  archived: '归档',
  rejected: '不予受理',
  answered: '直接答复',
  merged: '已并入',
  cancelled: '已撤回',
}
const ENDED = new Set(['closed', 'archived', 'rejected', 'answered', 'merged', 'cancelled'])
export const isTicketOpen = (state: string) => !ENDED.has(state)

/** The one a repeated call is about: the first that is not finished. */
export const firstOpen = (rows: TicketCard[]) => rows.find((row) => isTicketOpen(row.state)) ?? null

export const TICKET_KINDS: Record<string, string> = {
  consult: '咨询',
  request: '求助',
  complaint: '投诉',
  report: '举报',
  suggestion: '建议',
  praise: '表扬',
}
export const TICKET_URGENCIES: Record<string, string> = {
  normal: '一般（24 小时内派出）',
  utility: '水电气热（2 小时内派出）',
  emergency: '紧急（1 小时内派出）',
}
export const TICKET_SOURCES: Record<string, string> = {
  phone: '电话',
  mini: '小程序',
  web: '网页',
  wechat: '微信',
  letter: '来信',
  transfer: '转来',
  ask: '问一问',
}
export const DIFFICULTIES: Record<string, string> = {
  consult: '咨询（3 个工作日）',
  general: '一般（7 天）',
  complex: '疑难（15 天）',
}

export interface DeskTab {
  value: string
  label: string
  needs?: Permission[]
  /** Who holds this begins the day here. */
  first?: Permission
  /** The list of the server, narrowed to a state where the desk's tab is one. */
  filter: Partial<TicketFilter>
}
export interface DeskPlan {
  name: string
  title: string
  hint: string
  tabs: DeskTab[]
}

const state = (value: string, label: string, ...needs: Permission[]): DeskTab => ({
  value,
  label,
  needs: needs.length ? needs : undefined,
  filter: { list: 'all', state: value },
})
const list = (value: string, label: string, ...needs: Permission[]): DeskTab => ({
  value,
  label,
  needs: needs.length ? needs : undefined,
  filter: { list: value },
})

/** One page serves every desk that works through a list; these are the lists. */
export const DESKS: Record<string, DeskPlan> = {
  'hotline-dispatch': {
    name: 'hotline-dispatch',
    title: '派单台',
    hint: '派给谁办、退单该谁接、能不能延期，都在这里定',
    tabs: [
      list('to_dispatch', '待派单', 'tickets.dispatch'),
      state('return_review', '退单审核', 'tickets.approve', 'tickets.supervise'),
      state('extension_review', '延期审核', 'tickets.supervise'),
      state('hold_review', '挂账审核', 'tickets.supervise'),
      state('arbitration', '退单仲裁', 'tickets.arbitrate'),
      list('overdue', '已超时'),
    ],
  },
  'hotline-unit': {
    name: 'hotline-unit',
    title: '部门工单',
    hint: '派给本部门的工单：先签收，再办理，写好答复请负责人审',
    tabs: [
      state('to_sign', '待签收', 'tickets.handle'),
      state('handling', '办理中', 'tickets.handle'),
      { ...state('unit_review', '待部门审核', 'tickets.review', 'tickets.handle'), first: 'tickets.review' },
      state('on_hold', '挂账中', 'tickets.handle'),
      list('overdue', '已超时'),
      list('unit', '全部'),
    ],
  },
  'hotline-quality': {
    name: 'hotline-quality',
    title: '审核与回访',
    hint: '答复先审再回访；不满意的由两个人研判',
    tabs: [
      state('centre_review', '待中心审核', 'tickets.audit'),
      list('callback', '待回访', 'tickets.callback'),
      list('judgement', '不满意研判', 'tickets.judge'),
      state('closed', '办结', 'tickets.view'),
    ],
  },
  tickets: {
    name: 'tickets',
    title: '全部工单',
    hint: '',
    tabs: [
      list('all', '全部'),
      list('pending', '待受理'),
      list('to_dispatch', '待派单'),
      state('to_sign', '待签收'),
      state('handling', '办理中'),
      list('callback', '待回访'),
      list('overdue', '已超时'),
    ],
  },
}

/** The tabs of a desk that this person works on. */
export const tabsFor = (plan: DeskPlan, staff: Staff | null): DeskTab[] =>
  plan.tabs.filter((tab) => !tab.needs || may(staff, ...tab.needs))

/** Where this person's day begins on a desk. */
export function firstTab(tabs: DeskTab[], staff: Staff | null): string {
  const first = tabs.find((tab) => tab.first && may(staff, tab.first)) ?? tabs[0]
  return first?.value ?? 'all'
}

/** What each state waits for, as one says it. */
const NEXT: Record<string, { who: string; does: string }> = {
  pending: { who: '话务员', does: '受理' },
  to_dispatch: { who: '派单员', does: '派出去' },
  to_sign: { who: '主办单位', does: '签收' },
  return_review: { who: '派单员', does: '审核退单' },
  arbitration: { who: '监督员', does: '裁定该谁办' },
  handling: { who: '主办单位', does: '办好并答复' },
  extension_review: { who: '监督员', does: '审核延期' },
  hold_review: { who: '监督员', does: '审核挂账' },
  unit_review: { who: '部门负责人', does: '审核答复' },
  centre_review: { who: '热线审核员', does: '审核答复' },
  callback: { who: '回访员', does: '回访来电人' },
  judgement: { who: '审核员', does: '研判' },
}

/** What the clock that runs out first waits for, where that is not what the state waits for. */
const DUE: Record<string, string> = { contact: '联系来电人', supervise: '答复督办' }

/** The clock of what each state waits for; the unit's own clocks go on meanwhile. */
const OWN_CLOCK: Record<string, string[]> = {
  return_review: ['return'],
  arbitration: ['arbitrate'],
  extension_review: ['decide'],
  hold_review: ['decide'],
}

/** Who has to do what by when, in one sentence. */
export function nextSentence(
  ticket: Pick<TicketDetail, 'state' | 'state_text' | 'lead_unit_name' | 'clock' | 'clocks'>,
): string {
  if (ticket.state === 'on_hold') return '挂账中，不计时。'
  const next = NEXT[ticket.state]
  if (!next) return `${ticket.state_text}。`
  const own = OWN_CLOCK[ticket.state]
  const running = own && ticket.clocks.find((one) => own.includes(one.kind) && !one.stopped_at)
  const due = own ? running?.due_at : ticket.clock?.due_at
  const other = own ? undefined : DUE[ticket.clock?.kind ?? '']
  const who = other || next.who === '主办单位' ? (ticket.lead_unit_name ?? '主办单位') : next.who
  if (!due) return `${ticket.state_text}，等${who}${next.does}。`
  return `${ticket.state_text}，${who}要在${momentText(due)}前${other ?? next.does}。`
}

/** 王*兰 138****5678, or that she asked for secrecy. */
export function callerText(row: Pick<TicketCard, 'caller_masked' | 'phone_masked' | 'confidential'>): string {
  const who = [row.caller_masked, row.phone_masked].filter(Boolean).join(' ') || '没有留名'
  return row.confidential && !who.includes('保密') ? `${who}（保密）` : who
}

/** 把握 82%; below a third it is only a guess. */
export const sureText = (sure: number) =>
  sure < 0.34 ? `只是猜的 ${Math.round(sure * 100)}%` : `把握 ${Math.round(sure * 100)}%`

/** 第 2 次没接，还要在别的钟点打 1 次 — what the attempts so far leave to do. */
export const CALLBACK_MOST = 3
export function attemptsText(failed: number): string {
  if (!failed) return '还没有打过'
  const left = CALLBACK_MOST - failed
  return left > 0 ? `没打通 ${failed} 次，换个钟点再打 ${left} 次` : `没打通 ${failed} 次，按未回访办结`
}

/** The ways of judging; taking a case out of the rates needs a second person. */
export const VERDICTS: Record<string, string> = {
  redo: '退回重办（只有一次，7 天）',
  explained: '已经解释到位',
  excluded: '剔除，不计入满意率（要有证据，另一个人同意才算）',
}
