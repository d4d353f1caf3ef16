import type { JobKind } from '@/stores/outbox'
import { FORMS } from './forms'

/** What a worker can press on an event, in the order of what usually comes first. */
export interface Action {
  code: string
  text: string
  /** Done at one tap; the others open their form. */
  tap?: { kind: JobKind; path: string; done: string }
}

const ACTIONS: Action[] = [
  { code: 'claim', text: '认领', tap: { kind: 'claim', path: 'claim', done: '认领好了，请尽快联系反映人' } },
  { code: 'accept', text: '接单', tap: { kind: 'accept', path: 'accept', done: '接好了，请尽快联系反映人' } },
  { code: 'start', text: '到了，开始处置', tap: { kind: 'start', path: 'start', done: '开始处置了' } },
  { code: 'dispose', text: '处置完成' },
  { code: 'verify', text: '现场核查' },
  { code: 'schedule', text: '约上门时间' },
  { code: 'contact', text: '记联系结果' },
  { code: 'note', text: '补充情况' },
  { code: 'subtask', text: '请人协办' },
  { code: 'whistle', text: '吹哨' },
  { code: 'hold', text: '申请挂账' },
  { code: 'end_hold', text: '结束挂账，接着办', tap: { kind: 'other', path: 'end-hold', done: '接着计时了' } },
  { code: 'decline', text: '不能接' },
  { code: 'release', text: '退回' },
  { code: 'request_cancel', text: '申请撤销' },
  { code: 'transfer', text: '转110/119/120' },
]
/** These may stand at the bottom of the page, within thumb's reach. */
const MAIN = ['claim', 'accept', 'start', 'dispose', 'verify', 'schedule']

/** The main action and the others that `can` allows; the main one is left out of the others. */
export function offered(can: string[]): { main: Action | null; others: Action[] } {
  const possible = ACTIONS.filter(({ code, tap }) => can.includes(code) && (tap || FORMS[code]))
  const main = possible.find(({ code }) => MAIN.includes(code)) ?? null
  return { main, others: possible.filter((one) => one !== main) }
}

export interface PartAction {
  code: string
  text: string
  /** The last part of its path, done at one tap; or the form that asks first. */
  tap?: string
  form?: string
}
const SUBTASK_ACTIONS: PartAction[] = [
  { code: 'accept', text: '接收', tap: 'accept' },
  { code: 'finish', text: '完成', form: 'subtask-finish' },
  { code: 'return', text: '退回', form: 'subtask-return' },
  { code: 'withdraw', text: '撤回', tap: 'withdraw' },
]
const WHISTLE_ACTIONS: PartAction[] = [
  { code: 'sign', text: '签收', tap: 'sign' },
  { code: 'contact', text: '联系了', form: 'whistle-contact' },
  { code: 'arrive', text: '到场了', tap: 'arrive' },
  { code: 'finish', text: '办完了', form: 'whistle-finish' },
  { code: 'return', text: '退回', form: 'whistle-return' },
  { code: 'withdraw', text: '撤回', form: 'whistle-withdraw' },
]

export type PartKind = 'subtasks' | 'whistles'
export const partActions = (kind: PartKind, can: string[]): PartAction[] =>
  (kind === 'subtasks' ? SUBTASK_ACTIONS : WHISTLE_ACTIONS).filter(({ code }) => can.includes(code))
