import type { SubscribeResult } from '@/api/types'

/** What differs between WeChat and a browser; everything else is written once. */
export interface Platform {
  /** The channel named to the server when signing in. */
  channel: 'weixin' | 'h5'
  /** WeChat keeps a bearer token; a browser keeps an HttpOnly cookie and a CSRF token. */
  keepsToken: boolean
  /** Whether a page without a way back gets a way home from the platform. */
  showsWayHome: boolean
  /** Whether `<button open-type="getPhoneNumber">` hands over a code. */
  phoneByWechat: boolean
  /** A single-use WeChat code. A browser has none of its own and asks `demoCode`. */
  loginCode(demoCode: () => Promise<string>): Promise<string>
  /** Whether the consent question below must be asked by the app before `subscribe`. */
  asksSubscribeItself: boolean
  /** The answer of the person to each template; must be called from a tap. */
  subscribe(templateIds: string[]): Promise<Record<string, SubscribeResult>>
  /** Resolves when personal data may be used; rejects when the person declines. */
  authorisePrivacy(): Promise<void>
  call(phone: string): void
  copy(text: string): Promise<void>
  /** Hands a text over as a file (browser) or shares it (WeChat). */
  saveText(name: string, text: string): Promise<void>
  /** Lets elder mode reach what is outside the page's own tree. */
  showElder(on: boolean): void
  /** Runs once at launch. */
  launch(): void
}

interface Callbacks<R> {
  success: (result: R) => void
  fail: (error: { errMsg?: string } | undefined) => void
}

/** A uni.* call with callbacks as a promise. */
export const promised = <R, T>(
  start: (callbacks: Callbacks<R>) => void,
  pick: (result: R) => T,
): Promise<T> =>
  new Promise((resolve, reject) =>
    start({
      success: (result) => resolve(pick(result)),
      fail: (error) => reject(new Error(error?.errMsg ?? String(error))),
    }),
  )
