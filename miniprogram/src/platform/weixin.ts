import type { SubscribeResult } from '@/api/types'
import { openFile } from './weixin/open-file'
import { navigate, watchPlace } from './weixin/travel'
import { hex, promised, type Located, type Platform, type Subscriptions } from './types'
import { keeping } from './weixin-keeping'
import { playVoice, recordVoice } from './weixin/voice'

// acceptWithAudio, acceptWithAlert and acceptWithForcePush are yeses too.
const answer = (raw: string | undefined): SubscribeResult =>
  raw?.startsWith('accept') ? 'accept' : raw === 'ban' ? 'ban' : 'reject'

/** Named by hand: @dcloudio/types does not know the subscriptions (base library 2.10.1 and later). */
interface SettingApi {
  getSetting: (options: SettingOptions) => void
  openSetting: (options: SettingOptions) => void
}
interface Settings {
  subscriptionsSetting?: { mainSwitch?: boolean; itemSettings?: Record<string, string> }
}
interface SettingOptions {
  withSubscriptions: boolean
  success: (result: Settings) => void
  fail: (error: { errMsg?: string } | undefined) => void
}

/** Named by hand: @dcloudio/types does not know this call (base library 2.32.3 and later). */
interface PrivacyApi {
  requirePrivacyAuthorize?: (options: {
    success: (result: unknown) => void
    fail: (error: { errMsg?: string } | undefined) => void
  }) => void
}

/** Named by hand too (base library 2.19.0 and later). */
interface RandomApi {
  getRandomValues?: (options: {
    length: number
    success: (result: { randomValues: ArrayBuffer }) => void
    fail: (error: { errMsg?: string } | undefined) => void
  }) => void
}

/** And the phone's calendar (base library 2.15.0 and later). */
interface CalendarApi {
  addPhoneCalendar?: (options: {
    title: string
    location: string
    startTime: number
    endTime: string
    alarmOffset: number
    success: (result: object) => void
    fail: (error: { errMsg?: string } | undefined) => void
  }) => void
}
const RINGS_BEFORE_S = 3600

/** WeChat hands an upload's answer over as text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export const platform: Platform = {
  ...keeping,
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
  subscriptions: () =>
    promised<Settings, Subscriptions>(
      (callbacks) => (uni as unknown as SettingApi).getSetting({ withSubscriptions: true, ...callbacks }),
      ({ subscriptionsSetting }) => ({
        on: subscriptionsSetting?.mainSwitch !== false,
        always: Object.fromEntries(
          Object.entries(subscriptionsSetting?.itemSettings ?? {}).map(([id, raw]) => [id, answer(raw)]),
        ),
      }),
    ),
  hasSubscriptionPage: true,
  openSubscriptionPage: () =>
    promised<Settings, void>(
      (callbacks) => (uni as unknown as SettingApi).openSetting({ withSubscriptions: true, ...callbacks }),
      () => undefined,
    ),
  authorisePrivacy: () => {
    const api = uni as unknown as PrivacyApi
    if (!api.requirePrivacyAuthorize) return Promise.resolve()
    return promised((callbacks) => api.requirePrivacyAuthorize?.(callbacks), () => undefined)
  },
  // Closing the dialling prompt is the person's choice, not a failure.
  call: (phone) => uni.makePhoneCall({ phoneNumber: phone, fail: () => undefined }),
  coordinates: 'gcj02',
  getLocation: () =>
    promised<Located, Located>(
      (callbacks) => uni.getLocation({ type: 'gcj02', isHighAccuracy: true, ...callbacks }),
      ({ latitude, longitude, accuracy }) => ({ latitude, longitude, accuracy }),
    ),
  watchPlace,
  navigate,
  chooseImage: (most, source) =>
    promised<{ tempFiles: { tempFilePath: string }[] }, string[]>(
      (callbacks) =>
        uni.chooseMedia({ count: most, mediaType: ['image'], sourceType: [source], sizeType: ['compressed'], ...callbacks }),
      ({ tempFiles }) => tempFiles.map((file) => file.tempFilePath),
    ).catch((error: Error) => {
      if (/cancel/.test(error.message)) return []
      throw error
    }),
  canRecord: () => true,
  recordVoice,
  playVoice,
  // The keyboard brings a microphone of its own.
  canListen: () => Promise.resolve(false),
  listen: () => ({ done: Promise.reject(new Error('no speech recognition')), stop: () => undefined }),
  openFile,
  media: (url, headers) =>
    promised<{ statusCode: number; tempFilePath: string }, string>(
      (callbacks) => uni.downloadFile({ url, header: headers, ...callbacks }),
      ({ statusCode, tempFilePath }) => (statusCode === 200 ? tempFilePath : ''),
    ),
  upload: ({ url, path, form, headers }) =>
    promised<{ statusCode: number; data: string }, { statusCode: number; data: unknown }>(
      (callbacks) => uni.uploadFile({ url, filePath: path, name: 'file', formData: form, header: headers, timeout: 60_000, ...callbacks }),
      ({ statusCode, data }) => ({ statusCode, data: parsed(data) }),
    ),
  secret: (bytes) => {
    // The compiler writes wx for uni; what uni does not wrap is reached the same way.
    const api = uni as unknown as RandomApi
    // Never a guessable number instead: the voter would be told something untrue.
    if (!api.getRandomValues) return Promise.reject(new Error('no source of secrets'))
    return promised<{ randomValues: ArrayBuffer }, string>(
      (callbacks) => api.getRandomValues?.({ length: bytes, ...callbacks }),
      ({ randomValues }) => hex(new Uint8Array(randomValues)),
    )
  },
  copy: (text) =>
    promised((callbacks) => uni.setClipboardData({ data: text, showToast: false, ...callbacks }), () => undefined),
  openLink: (url) =>
    promised(
      (callbacks) => uni.setClipboardData({ data: url, showToast: false, ...callbacks }),
      () => 'copied' as const,
    ),
  addToCalendar: ({ title, place, start, end }) => {
    const api = uni as unknown as CalendarApi
    if (!api.addPhoneCalendar) return Promise.reject(new Error('no calendar'))
    const seconds = (moment: string): number => Math.floor(Date.parse(moment) / 1000)
    return promised<object, void>(
      (callbacks) =>
        api.addPhoneCalendar?.({
          title,
          location: place,
          startTime: seconds(start),
          endTime: String(seconds(end)),
          alarmOffset: RINGS_BEFORE_S,
          ...callbacks,
        }),
      () => undefined,
    )
  },
  saveText: (_name, text) =>
    promised((callbacks) => uni.setClipboardData({ data: text, showToast: false, ...callbacks }), () => undefined),
  showElder: () => undefined,
  // WeChat keeps the whole package on the phone.
  prepare: () => undefined,
  launch: () => undefined,
}
