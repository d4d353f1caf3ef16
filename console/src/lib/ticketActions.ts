import type { TicketDetail } from '@/api/hotline'
import type { Field } from './eventActions'

/** What can be done with a ticket: words, keys, and the form each one asks. */

export interface TicketAction {
  /** The word of the ticket's `can` that allows it: the end of `POST /staff/tickets/{id}/…`. */
  code: string
  label: string
  key?: string
  danger?: boolean
  /** Asked in a plain form; without it the action has a dialog of its own. */
  fields?: Field[]
  fixed?: Record<string, unknown>
  intro?: string
  yes?: string
  done: string
}

const reason = (placeholder: string, label = '原因'): Field => ({
  name: 'reason',
  label,
  kind: 'text',
  most: 500,
  placeholder,
})

/** In the order of the buttons: the likeliest first. A key means one thing on every desk. */
export const TICKET_ACTIONS: TicketAction[] = [
  { code: 'accept', label: '受理', key: 'A', fields: [], yes: '受理', done: '受理了，等着派单' },
  { code: 'answer', label: '直接答复', key: 'Z', done: '答复好了' },
  { code: 'dispatch', label: '派单', key: 'P', done: '派出去了，单位会收到提醒' },
  { code: 'sign', label: '签收', key: 'A', fields: [], yes: '签收', done: '签收了，由本部门负责到底' },
  {
    code: 'contact',
    label: '联系过了',
    key: 'L',
    fields: [{ name: 'note', label: '和来电人怎么说的', kind: 'text', most: 500, placeholder: '例如：约好周三上午上门看' }],
    yes: '记下',
    done: '记下了',
  },
  { code: 'reply', label: '提交答复', key: 'R', done: '交上去了，请负责人审' },
  {
    code: 'co-reply',
    label: '回复协办',
    key: 'R',
    intro: '写给主办单位，来电人看不到。',
    fields: [{ name: 'text', label: '协办办得怎样', kind: 'text', most: 2000, placeholder: '例如：已清运，现场照片发给主办单位了' }],
    yes: '回复',
    done: '回复了，主办单位会看到',
  },
  {
    code: 'unit-approval',
    label: '审核通过',
    key: 'V',
    intro: '通过后交热线中心审核。',
    fields: [{ name: 'note', label: '意见', kind: 'text', most: 300, optional: true }],
    yes: '通过',
    done: '通过了，交热线中心审核',
  },
  {
    code: 'centre-approval',
    label: '审核通过',
    key: 'V',
    intro: '通过后由没有经办的人回访来电人。',
    fields: [{ name: 'note', label: '意见', kind: 'text', most: 300, optional: true }],
    yes: '通过',
    done: '通过了，等着回访',
  },
  { code: 'callbacks', label: '记回访', key: 'H', done: '记下了' },
  { code: 'judgements', label: '研判', key: 'Y', done: '研判记下了' },
  {
    code: 'send-back',
    label: '驳回',
    key: 'B',
    danger: true,
    intro: '退回单位重新写，时限照算。',
    fields: [reason('例如：没有说什么时候修好', '哪里要改')],
    yes: '驳回',
    done: '驳回了，单位会看到原因',
  },
  {
    code: 'returns',
    label: '申请退单',
    key: 'T',
    danger: true,
    intro: '审核期间时限照算。第二次退单由仲裁定，定了不再退。',
    fields: [
      {
        name: 'legal_basis',
        label: '依据哪一条',
        kind: 'text',
        most: 500,
        placeholder: '例如：《市容管理条例》第 12 条，由城管部门负责',
      },
      reason('例如：此处管线归水务公司，应由水务局办'),
    ],
    yes: '申请退单',
    done: '退单申请交上去了',
  },
  {
    code: 'extensions',
    label: '申请延期',
    key: 'D',
    intro: '只能申请一次，要在到期前。批准前时限照算。',
    fields: [
      {
        name: 'days',
        label: '延几天',
        kind: 'choice',
        options: [3, 5, 7, 10, 15].map((days) => ({ value: String(days), label: `${days} 天` })),
      },
      reason('例如：要等检测报告'),
    ],
    yes: '申请延期',
    done: '延期申请交上去了',
  },
  {
    code: 'holds',
    label: '申请挂账',
    intro: '批准后停止计时，到期自动恢复。',
    fields: [{ name: 'until', label: '挂到什么时候', kind: 'moment' }, reason('例如：等汛期过后施工')],
    yes: '申请挂账',
    done: '挂账申请交上去了',
  },
  {
    code: 'end-hold',
    label: '结束挂账',
    fields: [],
    yes: '恢复计时',
    done: '恢复计时了',
  },
  {
    code: 'units',
    label: '加派协办',
    fields: [
      { name: 'department_id', label: '哪个单位', kind: 'choice' },
      { name: 'note', label: '请他们做什么', kind: 'text', most: 300 },
    ],
    yes: '加派',
    done: '加派好了',
  },
  { code: 'merge', label: '并入', key: 'M', done: '并进去了，来电人照样回访' },
  {
    code: 'separate',
    label: '退出并入',
    fields: [reason('例如：不是同一件事')],
    yes: '退出并入',
    done: '分开了，重新派单',
  },
  {
    code: 'urges',
    label: '催办',
    key: 'U',
    intro: '来电人催，一天记一次，单位会收到。',
    fields: [{ name: 'words', label: '来电人怎么说', kind: 'text', most: 300, placeholder: '例如：已经三天没人联系' }],
    yes: '催办',
    done: '催了，单位会收到',
  },
  {
    code: 'supervisions',
    label: '督办',
    key: 'S',
    intro: '单位要在期限前书面答复。',
    fields: [
      { name: 'words', label: '督办要求', kind: 'text', most: 500, placeholder: '例如：说明为什么没有按期办好' },
      { name: 'due_at', label: '答复期限', kind: 'moment' },
    ],
    yes: '发督办',
    done: '督办发出去了',
  },
  { code: 'events', label: '转有呼同应', fields: [], yes: '建成事件', intro: '在街道现场要办的，建一件事件，两边连着。', done: '建成事件了，两边连上了' },
  {
    code: 'links',
    label: '关联',
    fields: [
      {
        name: 'kind',
        label: '关联什么',
        kind: 'choice',
        options: [
          { value: 'event', label: '有呼同应事件' },
          { value: 'case', label: '办事件' },
        ],
      },
      { name: 'number', label: '编号', kind: 'line', most: 40 },
    ],
    yes: '关联',
    done: '关联好了',
  },
  { code: 'edit', label: '改内容', key: 'E', done: '改好了' },
  {
    code: 'reject',
    label: '不予受理',
    danger: true,
    intro: '原因会告诉来电人。',
    fields: [reason('例如：正在法院审理，请按判决办')],
    yes: '不予受理',
    done: '记下了，原因已告诉来电人',
  },
  {
    code: 'reopen',
    label: '重开',
    danger: true,
    fields: [reason('例如：来电人说又停水了')],
    yes: '重开',
    done: '重开了',
  },
]

/** What moves the ticket on; the rest can be done at any time and is never the main button. */
const STEPS = new Set([
  'accept', 'dispatch', 'sign', 'contact', 'reply', 'co-reply', 'unit-approval', 'centre-approval', 'callbacks', 'judgements',
])
/** The one button that stands out, unless a unit's request waits for the viewer's decision. */
export const isMain = (action: TicketAction, index: number, ticket: Pick<TicketDetail, 'requests'>) =>
  index === 0 && STEPS.has(action.code) && !ticket.requests.some((one) => one.can.includes('decision'))

/** Who wrote the reply takes it back; that is no refusal. */
const TAKE_BACK: Partial<TicketAction> = {
  label: '取回修改',
  danger: false,
  intro: '还没审的答复可以取回来改，时限照算。',
  fields: [reason('例如：漏写了什么时候修好', '为什么取回')],
  yes: '取回',
  done: '取回来了，改好再交',
}

/** What may be done now; `reviews`: the viewer judges others' replies. */
export const ticketActionsFor = (can: string[], reviews = true): TicketAction[] =>
  TICKET_ACTIONS.filter((action) => can.includes(action.code)).map((action) =>
    action.code === 'send-back' && !reviews ? { ...action, ...TAKE_BACK } : action,
  )

/** The action a key stands for among those allowed now. */
export const actionOfKey = (can: string[], key: string, reviews = true) =>
  ticketActionsFor(can, reviews).find((action) => action.key === key) ?? null

/** Choices of a department are filled in when they are known. */
export const withDepartments = (fields: Field[], departments: { id: string; name: string }[]): Field[] =>
  fields.map((field) =>
    field.name.endsWith('department_id')
      ? { ...field, options: departments.map((one) => ({ value: one.id, label: one.name })) }
      : field,
  )

/** Everything is asked as text; the server wants numbers, and units as a list. */
export function ticketBody({ days, department_id, ...body }: Record<string, unknown>): Record<string, unknown> {
  return {
    ...body,
    ...(days === undefined ? {} : { days: Number(days) }),
    ...(department_id === undefined ? {} : { department_ids: [department_id] }),
  }
}

/** How the two ways of deciding a unit's request are called; an arbitration is no yes or no. */
export function decisionWords(kind: string, kindText: string, approved: boolean): Record<'yes' | 'title' | 'done', string> {
  if (kind === 'arbitration')
    return approved
      ? { yes: '改派', title: '裁定改派给谁？定了不再退', done: '裁定了，改派出去了' }
      : { yes: '仍由原单位办', title: '裁定仍由原单位办？定了不再退', done: '裁定了，仍由原单位办' }
  return approved
    ? { yes: '同意', title: `同意${kindText}？`, done: `同意${kindText}了` }
    : { yes: '不同意', title: `不同意${kindText}？`, done: `没有同意${kindText}，${kind === 'exclude' ? '提请的人' : '单位'}会看到原因` }
}

/** What a decision on a unit's request asks: a return goes to somebody, a refusal says why. */
export function decisionFields(kind: string, approved: boolean): Field[] {
  const last = kind === 'arbitration'
  const label = last ? '仲裁的理由' : approved ? '意见' : '为什么不同意'
  const note: Field = { name: 'note', label, kind: 'text', most: 300, optional: approved && !last }
  const moves = approved && (last || kind === 'return')
  return moves ? [{ name: 'department_id', label: '改派给', kind: 'choice' }, note] : [note]
}
