import type { ProblemBody } from './types'

/** An answer that says no, or no answer at all; `title`, `detail` and `action` are for people. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly action: string
  readonly requestId: string
  /** What is wrong with each field, by its dotted path: "materials.0.name". */
  readonly errors: Record<string, string>

  constructor(body: Partial<ProblemBody> & { status: number }) {
    const title = body.title || fallbackTitle(body.status)
    super(title)
    this.status = body.status
    this.code = body.code ?? 'unknown'
    this.title = title
    this.detail = body.detail ?? ''
    this.action = body.action ?? ''
    this.requestId = body.request_id ?? ''
    this.errors = Object.fromEntries(
      Object.entries(body.errors ?? {}).map(([path, texts]) => [path, texts.join('；')]),
    )
  }

  /** One sentence for a message bar: what happened and what to do. */
  get sentence(): string {
    const parts = [this.title]
    if (this.detail && this.detail !== this.title) parts.push(this.detail)
    if (this.action) parts.push(this.action)
    return parts.map((part) => part.replace(/[。.]+$/, '')).join('。') + '。'
  }

  /** True when the request may never have arrived, so trying again is safe and sensible. */
  get transient(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem({
    status: 0,
    code: 'network',
    title: '网络不通',
    action: '请检查网络后再试',
  })
}

function fallbackTitle(status: number): string {
  if (status === 0) return '网络不通'
  if (status === 401) return '请先登录'
  if (status === 403) return '没有权限'
  if (status === 404) return '没有找到'
  return status >= 500 ? '系统忙，请稍后再试' : '这次没有成功'
}
