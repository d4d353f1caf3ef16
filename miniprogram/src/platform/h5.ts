import '@/styles/h5.css'
import { installAccessibility } from './h5-accessibility'
import { installFrame } from './h5-frame'
import { keeping } from './h5-keeping'
import { chooseImage, upload } from './h5/files'
import { canListen, listen } from './h5/listen'
import { openFile } from './h5/open-file'
import { canRecord, playVoice, recordVoice } from './h5/voice'
import { navigate, watchPlace } from './h5/travel'
import { hex, promised, type Located, type Platform } from './types'

const LOCATING: PositionOptions = { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 }

export const platform: Platform = {
  ...keeping,
  channel: 'h5',
  keepsToken: false,
  showsWayHome: false,
  phoneByWechat: false,
  asksSubscribeItself: true,
  loginCode: (demoCode) => demoCode(),
  subscribe: (templateIds) =>
    Promise.resolve(Object.fromEntries(templateIds.map((id) => [id, 'accept' as const]))),
  subscriptions: () => Promise.resolve(null),
  hasSubscriptionPage: false,
  openSubscriptionPage: () => Promise.reject(new Error('no such page')),
  authorisePrivacy: () => Promise.resolve(),
  call: (phone) => {
    window.location.href = `tel:${phone.replace(/[^\d+]/g, '')}`
  },
  coordinates: 'wgs84',
  getLocation: () =>
    new Promise<Located>((resolve, reject) => {
      if (!navigator.geolocation) return reject(new Error('no geolocation'))
      navigator.geolocation.getCurrentPosition(({ coords }) => resolve(coords), reject, LOCATING)
    }),
  watchPlace,
  navigate,
  chooseImage,
  canRecord,
  recordVoice,
  playVoice,
  canListen,
  listen,
  openFile,
  media: (url) => Promise.resolve(url),
  upload,
  secret: async (bytes) => hex(crypto.getRandomValues(new Uint8Array(bytes))),
  copy: (text) =>
    promised(
      (callbacks) => uni.setClipboardData({ data: text, showToast: false, ...callbacks }),
      () => undefined,
    ),
  openLink: (url) => {
    window.open(url, '_blank', 'noopener')
    return Promise.resolve('opened')
  },
  addToCalendar: ({ file }) => {
    const link = document.createElement('a')
    link.href = file
    link.download = 'appointment.ics'
    link.click()
    return Promise.resolve()
  },
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
  // What cannot be loaded now is loaded when it is opened.
  prepare: (pages) => pages.forEach((url) => void uni.preloadPage({ url, fail: () => undefined })),
  launch: () => {
    installAccessibility()
    installFrame()
  },
}
