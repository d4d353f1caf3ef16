import '@/styles/h5.css'
import { installAccessibility } from './h5-accessibility'
import { installFrame } from './h5-frame'
import { promised, type Platform } from './types'

export const platform: Platform = {
  channel: 'h5',
  keepsToken: false,
  showsWayHome: false,
  phoneByWechat: false,
  asksSubscribeItself: true,
  loginCode: (demoCode) => demoCode(),
  subscribe: (templateIds) =>
    Promise.resolve(Object.fromEntries(templateIds.map((id) => [id, 'accept' as const]))),
  authorisePrivacy: () => Promise.resolve(),
  call: (phone) => {
    window.location.href = `tel:${phone.replace(/[^\d+]/g, '')}`
  },
  copy: (text) =>
    promised(
      (callbacks) => uni.setClipboardData({ data: text, showToast: false, ...callbacks }),
      () => undefined,
    ),
  saveText: (name, text) => {
    const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = url
    link.download = name
    link.click()
    URL.revokeObjectURL(url)
    return Promise.resolve()
  },
  showElder: (on) => document.documentElement.classList.toggle('elder', on),
  launch: () => {
    installAccessibility()
    installFrame()
  },
}
