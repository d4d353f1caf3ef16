import type { JobKind } from '@/stores/outbox'
import { photo } from '@/stores/outbox'

/** The forms of a worker: what is asked, in which words, and what is sent. */
export type Value = string | boolean | string[]
export type Values = Record<string, Value>

interface Base {
  name: string
  label: string
  hint?: string
  needed?: string
}
export type Field =
  | (Base & { type: 'text'; most: number; lines?: boolean; chips?: string[] })
  | (Base & { type: 'photos'; most: number })
  | (Base & { type: 'choice'; options: { value: string; text: string; note?: string }[] })
  | (Base & { type: 'when'; quick: { text: string; minutes: number }[] })
  | (Base & { type: 'switch' })
  | (Base & { type: 'party'; of: 'department' | 'colleague or department' })

export interface Form {
  kind: JobKind
  title: string
  button: string
  /** Read before anything is filled in. */
  guide?: string
  danger?: boolean
  /** Where it goes, after `/worker`. `sub` is a subtask's or whistle's id. */
  path: (event: string, sub: string) => string
  fields: Field[]
  /** Sent along whatever is filled in. */
  fixed?: Record<string, unknown>
}

const reason = (label: string, chips: string[]): Field => ({
  name: 'reason', label, type: 'text', most: 500, lines: true, chips, needed: '请写明原因',
})
const NOTE: Field = { name: 'note', label: '说明（可以不填）', type: 'text', most: 500, lines: true }
const onEvent = (last: string) => (event: string) => `/worker/events/${event}/${last}`
const onSubtask = (last: string) => (_: string, sub: string) => `/worker/subtasks/${sub}/${last}`
const onWhistle = (last: string) => (_: string, sub: string) => `/worker/whistles/${sub}/${last}`

export const FORMS: Record<string, Form> = {
  release: {
    kind: 'release', title: '退回这件事', button: '退回', path: onEvent('release'), danger: true,
    guide: '退回后会去找别的网格员，您不能再认领这一件。认领后 30 分钟内可以退。',
    fields: [reason('为什么退回', ['不在我的网格', '正在处理别的急事', '需要专业人员'])],
  },
  decline: {
    kind: 'decline', title: '不能接', button: '告诉调度员', path: onEvent('decline'), danger: true,
    fields: [reason('为什么不能接', ['不在我的网格', '今天休息', '正在处理别的急事'])],
  },
  schedule: {
    kind: 'schedule', title: '约定上门时间', button: '约好了', path: onEvent('schedule'),
    fields: [
      { name: 'visit_at', label: '什么时候去', type: 'when', needed: '请选时间', quick: [
        { text: '马上去', minutes: 5 }, { text: '1 小时后', minutes: 60 }, { text: '3 小时后', minutes: 180 },
      ] },
      NOTE,
    ],
  },
  contact: {
    kind: 'contact', title: '联系过了', button: '记下来', path: onEvent('contact'),
    fields: [{ name: 'result', label: '怎么说的', type: 'text', most: 500, lines: true, needed: '请写一句联系的结果', chips: ['联系上了，约好时间', '联系上了，问清情况', '电话没人接', '号码不对'] }],
  },
  note: {
    kind: 'note', title: '补充情况', button: '发出', path: onEvent('notes'),
    fields: [
      { name: 'words', label: '情况', type: 'text', most: 1000, lines: true, needed: '请写几个字' },
      { name: 'file_ids', label: '照片', type: 'photos', most: 9 },
      { name: 'public', label: '让反映的群众也看到', type: 'switch' },
    ],
  },
  dispose: {
    kind: 'dispose', title: '处置完成', button: '提交处置结果', path: onEvent('dispose'),
    fields: [
      { name: 'before_ids', label: '处置前的照片', type: 'photos', most: 9 },
      { name: 'after_ids', label: '处置后的照片', type: 'photos', most: 9 },
      { name: 'result', label: '怎么处理的（内部记录）', type: 'text', most: 2000, lines: true, needed: '请写明怎么处理的' },
      { name: 'public_text', label: '告诉群众的话', type: 'text', most: 1000, lines: true, needed: '请写一句告诉群众的话', hint: '反映的人会看到，不要写个人信息', chips: ['已处理好，感谢您的反映。', '已清理干净，欢迎监督。', '已修好，可以正常使用了。'] },
    ],
  },
  verify: {
    kind: 'verify', title: '现场核查', button: '提交核查结果', path: onEvent('verify'),
    fields: [
      { name: 'passed', label: '解决了吗', type: 'choice', needed: '请选一个', options: [{ value: 'yes', text: '解决了' }, { value: 'no', text: '还没有，退回重办' }] },
      { name: 'file_ids', label: '核查照片', type: 'photos', most: 9 },
      { name: 'note', label: '看到的情况', type: 'text', most: 500, lines: true, hint: '退回时要写明哪里还没有解决' },
    ],
  },
  whistle: {
    kind: 'whistle', title: '吹哨，请部门到场', button: '吹哨', path: onEvent('whistles'),
    guide: '部门 1 小时内签收、24 小时内联系，3 个工作日内到场（疑难的 5 个）。',
    fields: [
      { name: 'department_id', label: '哪个部门', type: 'party', of: 'department', needed: '请选部门' },
      { name: 'what', label: '要部门做什么', type: 'text', most: 500, lines: true, needed: '请写明要做什么' },
      { name: 'hard', label: '疑难，给 5 个工作日', type: 'switch' },
    ],
  },
  subtask: {
    kind: 'subtask', title: '请人协办', button: '交办', path: onEvent('subtasks'),
    fields: [
      { name: 'who', label: '请谁', type: 'party', of: 'colleague or department', needed: '请选一位同事或一个部门' },
      { name: 'what', label: '做什么', type: 'text', most: 500, lines: true, needed: '请写明做什么' },
      { name: 'hours', label: '多久完成', type: 'choice', needed: '请选期限', options: [{ value: '4', text: '4 小时' }, { value: '24', text: '1 天' }, { value: '72', text: '3 天' }] },
      { name: 'mandatory', label: '做完才能办结', type: 'switch' },
    ],
  },
  hold: {
    kind: 'request', title: '申请挂账', button: '提交申请', path: onEvent('requests'), fixed: { kind: 'hold' },
    guide: '一时办不了的事（等天气、等材料、等拆迁）可以挂账，经批准后不计时。',
    fields: [
      reason('为什么现在办不了', ['等天气', '等材料或设备', '权属不清，要先协调']),
      { name: 'until', label: '预计什么时候能办', type: 'when', quick: [{ text: '3 天后', minutes: 4320 }, { text: '1 周后', minutes: 10080 }, { text: '1 个月后', minutes: 43200 }] },
    ],
  },
  request_cancel: {
    kind: 'request', title: '申请撤销', button: '提交申请', path: onEvent('requests'), fixed: { kind: 'cancel' }, danger: true,
    guide: '撤销要经别人批准，反映的人会收到说明。',
    fields: [reason('为什么撤销', ['不属实', '重复反映', '反映人说不用处理了'])],
  },
  transfer: {
    kind: 'transfer', title: '转紧急服务', button: '记下已转', path: onEvent('transfers'), danger: true,
    guide: '先打电话，再记下来。人身安全要紧：先让大家离开危险的地方。',
    fields: [
      { name: 'service', label: '转给谁', type: 'choice', needed: '请选一个', options: [
        { value: '110', text: '110 报警' }, { value: '119', text: '119 火警' }, { value: '120', text: '120 急救' }, { value: '122', text: '122 交通事故' },
      ] },
      NOTE,
    ],
  },
  'subtask-finish': {
    kind: 'other', title: '子任务做完了', button: '完成', path: onSubtask('finish'),
    fields: [
      { name: 'result', label: '做了什么', type: 'text', most: 1000, lines: true, needed: '请写明做了什么' },
      { name: 'file_ids', label: '照片', type: 'photos', most: 9 },
    ],
  },
  'subtask-return': {
    kind: 'other', title: '退回子任务', button: '退回', path: onSubtask('return'), danger: true,
    fields: [reason('为什么退回', ['不是我们的职责', '人手不够'])],
  },
  'whistle-contact': {
    kind: 'other', title: '联系了街道', button: '记下来', path: onWhistle('contact'), fields: [NOTE],
  },
  'whistle-finish': {
    kind: 'other', title: '部门办完了', button: '完成', path: onWhistle('finish'),
    fields: [{ name: 'note', label: '做了什么', type: 'text', most: 1000, lines: true, needed: '请写明做了什么' }],
  },
  'order-reply': {
    kind: 'other', title: '答复督办', button: '答复', path: (_, sub) => `/worker/supervisions/${sub}/reply`,
    fields: [{ name: 'words', label: '办得怎么样了', type: 'text', most: 1000, lines: true, needed: '请写一句进展', chips: ['已经到场，正在处理', '在等部门到场', '今天内办完'] }],
  },
  'whistle-withdraw': {
    kind: 'other', title: '撤回吹哨', button: '撤回', path: onWhistle('withdraw'), danger: true,
    fields: [reason('为什么撤回', ['已经解决了', '吹错了部门'])],
  },
  'whistle-return': {
    kind: 'other', title: '退回吹哨', button: '退回', path: onWhistle('return'), danger: true,
    guide: '不属于本部门的，写明依据退给街道。',
    fields: [reason('依据', ['不在本部门职责清单内'])],
  },
}

/** What is still missing, by field. */
export function gaps(form: Pick<Form, 'fields'>, values: Values, name: string): Record<string, string> {
  const wrong: Record<string, string> = {}
  for (const field of form.fields) {
    const value = values[field.name]
    const empty = value === undefined || value === '' || (Array.isArray(value) && !value.length)
    if (field.needed && empty) wrong[field.name] = field.needed
  }
  if (name === 'verify' && values.passed === 'no' && !String(values.note ?? '').trim()) {
    wrong.note = '请写明哪里还没有解决'
  }
  return wrong
}

/** The body to send and the kept photos it names, in the order of their numbers. */
export function packed(form: Pick<Form, 'fields' | 'fixed'>, values: Values): { body: Record<string, unknown>; photos: string[] } {
  const body: Record<string, unknown> = { ...form.fixed }
  const photos: string[] = []
  for (const field of form.fields) {
    const value = values[field.name]
    if (field.type === 'photos') {
      const keys = (value as string[] | undefined) ?? []
      body[field.name] = keys.map((_, index) => photo(photos.length + index))
      photos.push(...keys)
    } else if (field.type === 'switch') body[field.name] = value === true
    else if (field.name === 'who') {
      const [kind, id] = String(value).split(':')
      body[kind === 'staff' ? 'staff_id' : 'department_id'] = id
    } else if (field.name === 'passed') body.passed = value === 'yes'
    else if (field.name === 'hours') body.hours = Number(value)
    else if (field.type === 'when') body[field.name] = value || null
    else body[field.name] = String(value ?? '').trim()
  }
  return { body, photos }
}
