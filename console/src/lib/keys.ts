import { TICKET_ACTIONS } from './ticketActions'

/** The keyboard map: what is done more than ten times a day has a key. */

export interface KeyBinding {
  key: string
  label: string
  /** Where it works; undefined means everywhere. */
  page?: string
}

/** On the desk for the chosen event, and on an event's own page. */
const EVENT_KEYS: KeyBinding[] = [
  { key: 'A', label: '指派' },
  { key: 'W', label: '吹哨' },
  { key: 'M', label: '并入' },
  { key: 'S', label: '督办' },
]

/** What each desk does with the chosen ticket; the ticket's own page has all of it. */
const DESK_CODES: Record<string, string[]> = {
  'hotline-dispatch': ['dispatch', 'merge', 'supervisions', 'send-back', 'edit'],
  'hotline-unit': ['sign', 'contact', 'reply', 'unit-approval', 'send-back', 'returns', 'extensions'],
  'hotline-quality': ['centre-approval', 'send-back', 'callbacks', 'judgements', 'supervisions'],
  tickets: [],
  ticket: [],
}
const DECIDE: KeyBinding[] = [
  { key: 'V', label: '同意单位的申请' },
  { key: 'X', label: '不同意' },
]

/** Every key that does something with a ticket. */
export const actionKeys = () => [
  ...new Set([...TICKET_ACTIONS.flatMap((action) => action.key ?? []), ...DECIDE.map((one) => one.key)]),
]

/** One line for each key, with all it stands for here. */
function ticketKeys(page: string, codes: string[]): KeyBinding[] {
  const lines = TICKET_ACTIONS.filter((action) => !codes.length || codes.includes(action.code))
  const bindings = [...lines.flatMap(({ key, label }) => (key ? [{ key, label }] : [])), ...DECIDE]
  return [...new Set(bindings.map((one) => one.key))].map((key) => {
    const labels = bindings.filter((one) => one.key === key).map((one) => one.label)
    return { key, label: [...new Set(labels)].join('、'), page }
  })
}
const DESK_LISTS = Object.keys(DESK_CODES).filter((page) => page !== 'ticket')

export const KEY_MAP: KeyBinding[] = [
  { key: '?', label: '显示或收起快捷键' },
  { key: '/', label: '跳到本页的搜索框' },
  { key: 'Esc', label: '关闭旁边的详情' },
  { key: 'Alt+1', label: '打开左侧第 1 项（2、3…依次）' },
  { key: 'N', label: '叫下一位', page: 'window' },
  { key: 'R', label: '重呼', page: 'window' },
  { key: 'S', label: '过号', page: 'window' },
  { key: 'B', label: '开始办理', page: 'window' },
  { key: 'F', label: '办结', page: 'window' },
  { key: 'O', label: '开窗或恢复叫号', page: 'window' },
  { key: 'P', label: '暂停叫号', page: 'window' },
  { key: 'J', label: '下一行', page: 'board' },
  { key: 'K', label: '上一行', page: 'board' },
  { key: 'Enter', label: '签到（扫码枪会自动回车）', page: 'check-in' },
  { key: 'J', label: '下一件', page: 'dispatch' },
  { key: 'K', label: '上一件', page: 'dispatch' },
  { key: 'Enter', label: '打开整页', page: 'dispatch' },
  ...EVENT_KEYS.map((binding) => ({ ...binding, page: 'dispatch' })),
  { key: 'N', label: '新建（上级交办、12345、微信）', page: 'dispatch' },
  ...EVENT_KEYS.map((binding) => ({ ...binding, page: 'event' })),
  { key: 'J', label: '下一项', page: 'tasks' },
  { key: 'K', label: '上一项', page: 'tasks' },
  { key: 'Enter', label: '做这一项的下一步', page: 'tasks' },
  { key: 'J', label: '下一条', page: 'intakes' },
  { key: 'K', label: '上一条', page: 'intakes' },
  { key: 'E', label: '转成事件', page: 'intakes' },
  { key: 'D', label: '不用转', page: 'intakes' },
  { key: 'Alt+A', label: '接听；再按挂断', page: 'hotline-operator' },
  { key: 'Alt+W', label: '写什么事', page: 'hotline-operator' },
  { key: 'Alt+C', label: '用第一个建议的类别', page: 'hotline-operator' },
  { key: 'Alt+J', label: '话术：要问的放进去', page: 'hotline-operator' },
  { key: 'Alt+K', label: '查知识', page: 'hotline-operator' },
  { key: 'Alt+ArrowDown', label: '下一条知识', page: 'hotline-operator' },
  { key: 'Alt+ArrowUp', label: '上一条知识', page: 'hotline-operator' },
  { key: 'Alt+I', label: '选中的知识放进答复，记下版本', page: 'hotline-operator' },
  { key: 'Alt+R', label: '写答复', page: 'hotline-operator' },
  { key: 'Alt+U', label: '同一件事又来电：催第一件', page: 'hotline-operator' },
  { key: 'Alt+Enter', label: '直接答复并办结', page: 'hotline-operator' },
  { key: 'Ctrl+Enter', label: '建单，交派单员', page: 'hotline-operator' },
  { key: 'Alt+N', label: '另记一件', page: 'hotline-operator' },
  { key: 'Ctrl+S', label: '马上保存草稿', page: 'hotline-operator' },
  ...DESK_LISTS.flatMap((page) => [
    { key: 'J', label: '下一件', page },
    { key: 'K', label: '上一件', page },
    { key: '[', label: '左边一栏', page },
    { key: ']', label: '右边一栏', page },
    { key: 'Enter', label: '打开整页', page },
  ]),
  ...Object.entries(DESK_CODES).flatMap(([page, codes]) => ticketKeys(page, codes)),
  { key: 'J', label: '下一条', page: 'knowledge' },
  { key: 'K', label: '上一条', page: 'knowledge' },
  { key: 'Enter', label: '打开选中的文章', page: 'knowledge' },
  { key: 'N', label: '写一篇', page: 'knowledge' },
  { key: 'Ctrl+S', label: '马上保存（平时自动保存）', page: 'knowledge' },
  { key: 'Ctrl+S', label: '保存', page: 'grid' },
  { key: 'Ctrl+S', label: '保存', page: 'items' },
  { key: 'Ctrl+S', label: '保存', page: 'schedules' },
]

export function keysFor(page: string): { common: KeyBinding[]; here: KeyBinding[] } {
  return {
    common: KEY_MAP.filter((binding) => !binding.page),
    here: KEY_MAP.filter((binding) => binding.page === page),
  }
}

type KeyLike = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'code'>

/** "N", "?", "Esc", "Ctrl+S", "Alt+1" — the name a pressed key has in the map. */
export function keyName(event: KeyLike): string {
  if (event.altKey && /^Digit\d$/.test(event.code)) return `Alt+${event.code.slice(5)}`
  // Some keyboards write another sign with Alt: the key itself counts.
  if (event.altKey && /^Key[A-Z]$/.test(event.code)) return `Alt+${event.code.slice(3)}`
  const base = event.key === 'Escape' ? 'Esc' : event.key.length === 1 ? event.key.toUpperCase() : event.key
  if (event.ctrlKey || event.metaKey) return `Ctrl+${base}`
  return event.altKey ? `Alt+${base}` : base
}

/** Letters typed into a field are text, not commands. */
export function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null
  if (!element || typeof element.tagName !== 'string') return false
  if (element.isContentEditable) return true
  if (element.tagName === 'INPUT') {
    const type = (element as HTMLInputElement).type
    return !['checkbox', 'radio', 'button', 'submit'].includes(type)
  }
  return element.tagName === 'TEXTAREA' || element.tagName === 'SELECT'
}
