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
