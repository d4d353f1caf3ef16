import { beforeEach, vi } from 'vitest'
import { forgetHooks } from './uni-app-stub'

export interface Sent {
  url: string
  method: string
  data?: Record<string, unknown>
  header: Record<string, string>
}
type Reply = { status: number; body?: unknown; headers?: Record<string, string> } | 'lost'

/** What the next requests will be answered with, and what was sent. */
export const server = { replies: [] as Reply[], sent: [] as Sent[], always: null as ((sent: Sent) => Reply) | null }
export const storage: Record<string, unknown> = {}

interface Request extends Sent {
  success: (answer: unknown) => void
  fail: (error: unknown) => void
}

const uni = {
  request: vi.fn((options: Request) => {
    const { url, method, data, header } = options
    server.sent.push({ url, method, data, header })
    const reply = server.always?.({ url, method, data, header }) ?? server.replies.shift() ?? 'lost'
    if (reply === 'lost') options.fail({ errMsg: 'request:fail' })
    else options.success({ statusCode: reply.status, data: reply.body, header: reply.headers ?? {} })
  }),
  getStorageSync: (key: string) => storage[key] ?? '',
  setStorageSync: (key: string, value: unknown) => {
    storage[key] = value
  },
  getStorageInfoSync: () => ({ keys: Object.keys(storage) }),
  removeStorageSync: (key: string) => {
    delete storage[key]
  },
  showToast: vi.fn(),
  navigateTo: vi.fn(),
  switchTab: vi.fn(),
  redirectTo: vi.fn(),
  navigateBack: vi.fn(),
  hideTabBar: vi.fn(),
  makePhoneCall: vi.fn(),
  setClipboardData: vi.fn((options: { success: () => void }) => options.success()),
  login: vi.fn(),
  requestSubscribeMessage: vi.fn(),
}
Object.assign(globalThis, { uni, getCurrentPages: () => [{}] })
vi.stubGlobal('setTimeout', (run: () => void) => {
  queueMicrotask(run)
  return 0
})

beforeEach(() => {
  server.replies = []
  server.sent = []
  server.always = null
  Object.keys(storage).forEach((key) => delete storage[key])
  forgetHooks()
  vi.clearAllMocks()
})
