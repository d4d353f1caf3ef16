/** What can be done with an event from the console: words, keys, and the form each one asks. */

export interface Field {
  name: string
  label: string
  kind: 'line' | 'text' | 'moment' | 'day' | 'choice' | 'check' | 'photos'
  optional?: boolean
  most?: number
  hint?: string
  placeholder?: string
  options?: { value: string; label: string }[]
  start?: string
}

export interface EventAction {
  code: string
  /** The word of the event's `can` that allows it, when it is not the code. */
  needs?: string
  label: string
  key?: string
  danger?: boolean
  /** The end of `POST /staff/events/{id}/…`. */
  path: string
  /** Asked in a plain form; without it the action has a dialog of its own. */
  fields?: Field[]
  /** Goes with every request of this action. */
  fixed?: Record<string, unknown>
  title?: string
  intro?: string
  yes?: string
  done: string
  /** It adds something and changes no state: no version goes with it. */
  unversioned?: boolean
}

const reason = (placeholder: string): Field => ({
  name: 'reason',
  label: '原因',
  kind: 'text',
  most: 200,
  placeholder,
})

/** In the order of the buttons: the likeliest first. */
export const ACTIONS: EventAction[] = [
  { code: 'claim', label: '认领', path: 'claim', fields: [], yes: '我来办', done: '认领了，由你牵头' },
  { code: 'accept', label: '接单', path: 'accept', fields: [], yes: '接单', done: '接单了，由你牵头' },
  {
    code: 'decline',
    label: '谢绝',
    path: 'decline',
    fields: [reason('例如：今天在外地')],
    yes: '谢绝',
    done: '谢绝了，调度员会另找人',
  },
  {
    code: 'contact',
    label: '联系过了',
    path: 'contact',
    unversioned: true,
    fields: [
      { name: 'result', label: '和来电人怎么说的', kind: 'text', most: 500, placeholder: '例如：约好下午三点上门' },
    ],
    yes: '记下',
    done: '记下了',
  },
  {
    code: 'schedule',
    label: '约时间',
    path: 'schedule',
    fields: [
      { name: 'visit_at', label: '什么时候上门', kind: 'moment' },
      { name: 'note', label: '说明', kind: 'text', most: 500, optional: true },
    ],
    yes: '约好了',
    done: '约好了，来电人会收到通知',
  },
  { code: 'start', label: '开始处置', path: 'start', fields: [], yes: '开始', done: '开始处置了' },
  {
    code: 'dispose',
    label: '处置好了',
    path: 'dispose',
    intro: '结果要经过没有参与处置的人核查。',
    fields: [
      { name: 'result', label: '怎么处置的（内部）', kind: 'text', most: 2000 },
      { name: 'public_text', label: '告诉群众的话', kind: 'text', most: 1000 },
      { name: 'before_ids', label: '处置前的照片', kind: 'photos', optional: true },
      { name: 'after_ids', label: '处置后的照片', kind: 'photos', optional: true },
    ],
    yes: '处置好了',
    done: '交上去了，等人核查',
  },
  {
    code: 'verify',
    label: '核查通过',
    path: 'verify',
    fields: [
      { name: 'note', label: '看到的情况', kind: 'text', most: 500, optional: true },
      { name: 'file_ids', label: '照片', kind: 'photos', optional: true },
    ],
    fixed: { passed: true },
    yes: '解决了',
    done: '核查通过，请来电人评价',
  },
  {
    code: 'send_back',
    label: '没解决，退回',
    path: 'verify',
    danger: true,
    fields: [
      { name: 'note', label: '哪里还没有解决', kind: 'text', most: 500 },
      { name: 'file_ids', label: '照片', kind: 'photos', optional: true },
    ],
    fixed: { passed: false },
    yes: '退回重办',
    done: '退回重办了',
  },
  { code: 'assign', label: '指派', key: 'A', path: 'assign', done: '指派好了' },
  { code: 'subtask', unversioned: true, label: '加协办', path: 'subtasks', done: '加上协办了' },
  { code: 'whistle', label: '吹哨', key: 'W', path: 'whistles', done: '吹哨了，部门 1 小时内要签收' },
  { code: 'merge', label: '并入', key: 'M', path: 'merge', done: '并进去了，来电人照样会收到结果' },
  {
    code: 'supervise', unversioned: true,
    label: '督办',
    key: 'S',
    path: 'supervisions',
    intro: '牵头人要在期限前书面答复。',
    fields: [
      { name: 'words', label: '督办要求', kind: 'text', most: 500, placeholder: '例如：今天下班前答复处置安排' },
      { name: 'due_at', label: '答复期限', kind: 'moment' },
    ],
    yes: '发督办',
    done: '督办发出去了',
  },
  {
    code: 'note', unversioned: true,
    label: '催一催',
    path: 'notes',
    intro: '写给正在办的人看，来电人看不到。',
    fields: [
      { name: 'words', label: '说什么', kind: 'text', most: 500, placeholder: '例如：来电人又打来一次，请尽快到场' },
    ],
    fixed: { public: false },
    yes: '发出',
    done: '记下了，办的人会看到',
  },
  { code: 'split', label: '拆分', path: 'split', done: '拆成一件新的了' },
  {
    code: 'separate',
    label: '退出并入',
    path: 'separate',
    intro: '这件会重新等人认领。',
    fields: [reason('例如：不是同一个地方')],
    yes: '退出并入',
    done: '分开了，重新等人认领',
  },
  {
    code: 'transfer',
    label: '转110/119/120',
    path: 'transfers',
    danger: true,
    intro: '转出后这件就结束了。请先打电话，再在这里记下。',
    fields: [
      {
        name: 'service',
        label: '转给',
        kind: 'choice',
        options: [
          { value: '110', label: '110 报警' },
          { value: '119', label: '119 火警救援' },
          { value: '120', label: '120 急救' },
          { value: '122', label: '122 交通事故' },
        ],
      },
      { name: 'note', label: '对方怎么说', kind: 'text', most: 200, placeholder: '例如：119 指挥中心已派车，接警员 07' },
    ],
    yes: '已经转出',
    done: '记下转出了',
  },
  {
    code: 'ticket',
    label: '转12345',
    path: 'ticket',
    danger: true,
    intro: '转出后由 12345 办理，这件在这里结束。',
    fields: [
      { name: 'ticket_number', label: '12345 工单号', kind: 'line', most: 40, optional: true, hint: '不填就新建一件，两边连着' },
      reason('例如：不属于本区职责'),
    ],
    yes: '转12345',
    done: '转给 12345 了',
  },
  {
    code: 'hold',
    label: '申请挂账',
    path: 'requests',
    intro: '批准后停止计时，到期自动恢复。',
    fields: [reason('例如：等产权单位停电配合'), { name: 'until', label: '挂到什么时候', kind: 'moment', optional: true }],
    fixed: { kind: 'hold' },
    yes: '申请挂账',
    done: '申请交上去了，等人审批',
  },
  {
    code: 'request_cancel',
    label: '申请撤销',
    path: 'requests',
    danger: true,
    intro: '批准后这件就结束了，来电人会收到原因。',
    fields: [reason('例如：现场没有发现所说的问题')],
    fixed: { kind: 'cancel' },
    yes: '申请撤销',
    done: '申请交上去了，等人审批',
  },
  {
    code: 'release',
    label: '退回重派',
    path: 'release',
    intro: '退回后这个人不能再认领这件。',
    fields: [reason('例如：不在本网格')],
    yes: '退回',
    done: '退回了，重新等人认领',
  },
  {
    code: 'urgency', needs: 'correct',
    label: '改紧急程度',
    path: 'urgency',
    intro: '改成紧急后时限会变短。',
    fields: [
      {
        name: 'urgency',
        label: '改成',
        kind: 'choice',
        options: [
          { value: 'urgent', label: '紧急' },
          { value: 'normal', label: '一般' },
        ],
      },
      reason('例如：井盖缺失在主路上'),
    ],
    yes: '改好',
    done: '紧急程度改好了',
  },
  { code: 'category', needs: 'correct', label: '改类别', path: 'category', done: '类别改好了' },
  { code: 'place', needs: 'correct', label: '改位置', path: 'place', done: '位置改好了' },
  {
    code: 'reopen',
    label: '重开',
    path: 'reopen',
    fields: [reason('例如：来电人说又堵了')],
    yes: '重开',
    done: '重开了',
  },
]

/** The actions the viewer may take now, in the order of the buttons. */
export const actionsFor = (can: string[]) => ACTIONS.filter((action) => can.includes(action.needs ?? action.code))

const WANTED: Partial<Record<Field['kind'], string>> = {
  choice: '请选一个',
  moment: '请选时间',
  day: '请选日期',
  photos: '请放一张照片',
}

/** What of a form is missing, by the field's name. */
export function missingFields(fields: Field[], values: Record<string, string>): Record<string, string> {
  const missing: Record<string, string> = {}
  for (const field of fields) {
    const text = (values[field.name] ?? '').trim()
    if (!text && !field.optional && field.kind !== 'check')
      missing[field.name] = WANTED[field.kind] ?? `请写${field.label}`
    if (field.kind === 'moment' && text && Number.isNaN(Date.parse(momentValue(text))))
      missing[field.name] = '时间没有写全'
  }
  return missing
}

/** A `datetime-local` value, meant in Shanghai whatever the computer is set to. */
export const momentValue = (local: string) => (local ? `${local.slice(0, 16)}:00+08:00` : '')

/** The request's body: what was filled in, moments with their offset. */
export function bodyOf(fields: Field[], values: Record<string, string>): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const field of fields) {
    const text = (values[field.name] ?? '').trim()
    if (field.kind === 'photos') body[field.name] = text ? text.split(',') : []
    else if (field.kind === 'check') body[field.name] = text === 'yes'
    else if (text) body[field.name] = field.kind === 'moment' ? momentValue(text) : text
  }
  return body
}
