import type { Problem } from './types'

/** A failed call, in words a person can use: what happened, and what to do. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  /** What happened, in a few words; `message` is the fuller sentence where there is one. */
  readonly title: string
  /** What the person can do next; may be empty. */
  readonly action: string
  readonly fields: Record<string, string[]>
  readonly requestId: string

  constructor(problem: Partial<Problem> & { title: string }) {
    super(problem.detail || problem.title)
    this.name = 'ApiError'
    this.status = problem.status ?? 0
    this.title = problem.title
    this.code = problem.code ?? 'unknown'
    this.action = problem.action ?? ''
    this.fields = problem.errors ?? {}
    this.requestId = problem.request_id ?? ''
  }

  /** True when the same call may succeed later without any change. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

export const offline = (): ApiError =>
  new ApiError({ title: '网络好像断了', code: 'network', action: '请检查网络后再试一次' })

const FALLBACKS: Record<number, [string, string]> = {
  401: ['请先登录', '登录后会回到这一页'],
  403: ['这里您暂时不能看', ''],
  404: ['没找到这一页', '可能已经删除，或不属于您'],
  409: ['情况刚刚变了', '请刷新后再试'],
  413: ['内容太长了', '请缩短后再提交'],
  422: ['有几处要改一下', '请按提示修改'],
  429: ['点得太快了', '请过一会儿再试'],
}

/** The error of an answer that is not a success, whatever its body holds. */
export function fromAnswer(status: number, body: unknown): ApiError {
  const problem = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {}
  const [title, action] = FALLBACKS[status] ?? ['系统忙，没能办成', '请过一会儿再试，急事请拨 12345']
  return new ApiError({ ...problem, status, title: problem.title || title, action: problem.action || action })
}

export const asApiError = (error: unknown): ApiError =>
  error instanceof ApiError
    ? error
    : new ApiError({ title: '出了点问题', code: 'client', action: '请再试一次' })

/** One sentence for a toast or a line under a field. */
export const sentence = (error: unknown): string => {
  const { message, action } = asApiError(error)
  return action ? `${message.replace(/。$/, '')}，${action}` : message
}
