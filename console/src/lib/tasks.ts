import type { EventDetail, Light, Subtask, SubtaskStep, Whistle, WhistleStep } from '@/api/events'
import type { Field } from './eventActions'

/** What waits for me: whistles my department has to answer, and parts of the work given to me. */

export interface Task {
  id: string
  kind: 'whistle' | 'subtask'
  kindText: string
  what: string
  state: string
  stateText: string
  dueAt: string | null
  light: Light
  steps: TaskStep[]
  event: EventDetail
}

export interface TaskStep {
  step: WhistleStep | SubtaskStep
  label: string
  done: string
  danger?: boolean
  fields: Field[]
}

const text = (name: string, label: string, placeholder: string, optional = false): Field => ({
  name,
  label,
  kind: 'text',
  most: 1000,
  placeholder,
  optional,
})

const WHISTLE: Record<string, TaskStep> = {
  sign: {
    step: 'sign',
    label: '签收',
    done: '签收了，24 小时内要联系街道',
    fields: [text('note', '说一句', '例如：收到，张工跟进', true)],
  },
  contact: {
    step: 'contact',
    label: '联系好了',
    done: '记下了，请按时到场',
    fields: [text('note', '怎么说的', '例如：和街道林主任约好下午三点到场', true)],
  },
  arrive: {
    step: 'arrive',
    label: '到场了',
    done: '记下到场了',
    fields: [text('note', '现场情况', '例如：已关阀，准备开挖', true)],
  },
  finish: {
    step: 'finish',
    label: '办完了',
    done: '办完了，已经告诉街道',
    fields: [text('note', '怎么处理的', '例如：更换了破损的阀门，已恢复供水')],
  },
  return: {
    step: 'return',
    label: '退回',
    done: '退回给街道了',
    danger: true,
    fields: [text('reason', '为什么不归你们管，依据是什么', '例如：按职责清单第 12 条，此处由水务公司管')],
  },
}
const SUBTASK: Record<string, TaskStep> = {
  accept: { step: 'accept', label: '接收', done: '接收了', fields: [] },
  finish: {
    step: 'finish',
    label: '办完了',
    done: '办完了，已经告诉牵头人',
    fields: [text('result', '办得怎样', '例如：警戒线拉好了，车辆已疏导')],
  },
  return: {
    step: 'return',
    label: '退回',
    done: '退回给牵头人了',
    danger: true,
    fields: [text('reason', '为什么退回', '例如：人手都在另一处')],
  },
}
/** The server's word for a step back. */
const named = (code: string) => (code === 'give_back' ? 'return' : code)

function steps(table: Record<string, TaskStep>, can: string[]): TaskStep[] {
  const codes = can.map(named)
  return Object.entries(table).flatMap(([code, step]) => (codes.includes(code) ? [step] : []))
}

function ofWhistle(event: EventDetail, one: Whistle): Task {
  return {
    id: one.id,
    kind: 'whistle',
    kindText: `吹哨${one.hard ? '（疑难）' : ''}`,
    what: one.what,
    state: one.state,
    stateText: one.state_text,
    dueAt: one.due_at,
    light: one.light,
    steps: steps(WHISTLE, one.can ?? []),
    event,
  }
}
function ofSubtask(event: EventDetail, one: Subtask): Task {
  return {
    id: one.id,
    kind: 'subtask',
    kindText: one.mandatory ? '协办（必办）' : '协办',
    what: one.what,
    state: one.state,
    stateText: one.state_text,
    dueAt: one.due_at,
    light: one.light,
    steps: steps(SUBTASK, one.can ?? []),
    event,
  }
}

/** Tasks with a step that I can take now, the most urgent first. */
export function tasksOf(events: EventDetail[]): Task[] {
  const all = events.flatMap((event) => [
    ...event.whistles.map((one) => ofWhistle(event, one)),
    ...event.subtasks.map((one) => ofSubtask(event, one)),
  ])
  return all
    .filter((task) => task.steps.length)
    .sort((a, b) => (a.dueAt ?? '9').localeCompare(b.dueAt ?? '9') || a.id.localeCompare(b.id))
}

/** Runs `ask` over the ids, a few at a time; what fails is left out. */
export async function gather<T>(ids: string[], ask: (id: string) => Promise<T>, atOnce = 4): Promise<T[]> {
  const found = new Map<string, T>()
  const waiting = [...ids]
  async function worker(): Promise<void> {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        found.set(id, await ask(id))
      } catch {
        // Gone out of reach meanwhile, or the line broke: the rest is still worth showing.
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return ids.flatMap((id) => (found.has(id) ? [found.get(id) as T] : []))
}
