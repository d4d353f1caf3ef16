import type { SubscribeResult } from '@/api/types'
import { promised, type Platform } from './types'

const answer = (raw: string | undefined): SubscribeResult =>
  raw === 'accept' ? 'accept' : raw === 'ban' ? 'ban' : 'reject'

/** Named by hand: @dcloudio/types does not know this call (base library 2.32.3 and later). */
interface PrivacyApi {
  requirePrivacyAuthorize?: (options: {
    success: (result: unknown) => void
    fail: (error: { errMsg?: string } | undefined) => void
  }) => void
}

export const platform: Platform = {
  channel: 'weixin',
  keepsToken: true,
  showsWayHome: true,
  phoneByWechat: true,
  asksSubscribeItself: false,
  loginCode: () =>
    promised<{ code: string }, string>(
      (callbacks) => uni.login({ provider: 'weixin', ...callbacks }),
      (result) => result.code,
    ),
  subscribe: (templateIds) =>
    promised<object, Record<string, SubscribeResult>>(
      (callbacks) => uni.requestSubscribeMessage({ tmplIds: templateIds, ...callbacks }),
      (result) => {
        const answers = result as Record<string, string | undefined>
        return Object.fromEntries(templateIds.map((id) => [id, answer(answers[id])]))
      },
    ),
  authorisePrivacy: () => {
    const api = uni as unknown as PrivacyApi
    if (!api.requirePrivacyAuthorize) return Promise.resolve()
    return promised((callbacks) => api.requirePrivacyAuthorize?.(callbacks), () => undefined)
  },
  // Closing the dialling prompt is the person's choice, not a failure.
  call: (phone) => uni.makePhoneCall({ phoneNumber: phone, fail: () => undefined }),
  copy: (text) =>
    promised((callbacks) => uni.setClipboardData({ data: text, showToast: false, ...callbacks }), () => undefined),
  saveText: (_name, text) =>
    promised((callbacks) => uni.setClipboardData({ data: text, showToast: false, ...callbacks }), () => undefined),
  showElder: () => undefined,
  launch: () => undefined,
}
