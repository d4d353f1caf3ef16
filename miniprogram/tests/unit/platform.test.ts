import { expect, it, vi } from 'vitest'
import { platform as browser } from '@/platform/h5'
import type { Platform } from '@/platform/types'
import { platform as wechat } from '@/platform/weixin'

interface Callbacks {
  success: (result: unknown) => void
  fail: (error: unknown) => void
}
const answering = (result: unknown) => vi.fn((options: Callbacks) => options.success(result))

it('both platforms offer the same things', () => {
  expect(Object.keys(browser).sort()).toEqual(Object.keys(wechat).sort())
})

it('each subscribe answer is accept, reject or ban for every template asked', async () => {
  uni.requestSubscribeMessage = answering({ T1: 'accept', T2: 'filter' }) as never
  expect(await wechat.subscribe(['T1', 'T2', 'T3'])).toEqual({ T1: 'accept', T2: 'reject', T3: 'reject' })
  expect(await browser.subscribe(['T1'])).toEqual({ T1: 'accept' })
})

it('the WeChat code comes from WeChat, in a browser from the demo', async () => {
  uni.login = answering({ code: 'wx-code' }) as never
  expect(await wechat.loginCode(async () => 'demo')).toBe('wx-code')
  expect(await browser.loginCode(async () => 'demo')).toBe('demo')
  uni.login = vi.fn((options: Callbacks) => options.fail({ errMsg: 'login:fail' })) as never
  await expect(wechat.loginCode(async () => 'demo')).rejects.toThrow('login:fail')
})

it('WeChat is asked for the privacy consent, where it knows the question', async () => {
  await expect(wechat.authorisePrivacy()).resolves.toBeUndefined()
  const declined = vi.fn((options: Callbacks) => options.fail({ errMsg: 'privacy:deny' }))
  Object.assign(uni, { requirePrivacyAuthorize: declined })
  await expect(wechat.authorisePrivacy()).rejects.toThrow('privacy:deny')
})

it.each<[string, Platform]>([['weixin', wechat], ['h5', browser]])('%s copies text', async (_name, platform) => {
  await platform.copy('A1')
  expect(uni.setClipboardData).toHaveBeenCalledWith(expect.objectContaining({ data: 'A1' }))
})

it('a secret number comes from the device, and from nothing else', async () => {
  expect(await browser.secret(16)).toMatch(/^[0-9a-f]{32}$/)
  await expect(wechat.secret(16)).rejects.toThrow('no source of secrets')
  Object.assign(uni, { getRandomValues: answering({ randomValues: new Uint8Array([0, 15, 255]).buffer }) })
  expect(await wechat.secret(3)).toBe('000fff')
  Object.assign(uni, { getRandomValues: vi.fn((options: Callbacks) => options.fail({ errMsg: 'random:fail' })) })
  await expect(wechat.secret(3)).rejects.toThrow('random:fail')
})
