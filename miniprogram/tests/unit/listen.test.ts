import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import AskBar from '@/packages/ask/parts/ask-bar.vue'
import { canListen } from '@/platform/h5/listen'
import { components } from './components'

interface Heard {
  results: { transcript: string }[][]
}

class Recogniser {
  static last: Recogniser
  static able = 'available'
  static available = vi.fn(async () => Recogniser.able)
  processLocally = false
  onresult = (_: Heard): void => undefined
  onerror = (_: { error: string }): void => undefined
  onend = (): void => undefined
  start = vi.fn()
  stop = vi.fn(() => this.onend())
  constructor() {
    Recogniser.last = this
  }
}
const give = (able: string): void => {
  Recogniser.able = able
  vi.stubGlobal('SpeechRecognition', Recogniser)
}
afterEach(() => void vi.stubGlobal('SpeechRecognition', undefined))

async function bar() {
  const shown = mount(AskBar, { props: { modelValue: '', focus: false }, global: { components } })
  await flushPromises()
  return shown
}

it('listens only where the browser understands speech by itself', async () => {
  expect(await canListen()).toBe(false)
  give('downloadable')
  expect(await canListen()).toBe(false)
  expect((await bar()).find('#listen').exists()).toBe(false)
  give('available')
  expect(await canListen()).toBe(true)
  expect(Recogniser.available).toHaveBeenLastCalledWith({ langs: ['zh-CN'], processLocally: true })
})

it('writes what it hears, keeps it on the device, and asks when the speaking is over', async () => {
  give('available')
  const shown = await bar()
  await shown.find('#listen').trigger('click')
  expect(Recogniser.last.processLocally).toBe(true)
  expect(shown.text()).toContain('声音不离开您的手机')
  Recogniser.last.onresult({ results: [[{ transcript: '社保卡' }], [{ transcript: '丢了' }]] })
  await shown.find('#listen').trigger('click')
  await flushPromises()
  expect(shown.emitted('update:modelValue')).toEqual([['社保卡丢了']])
  expect(shown.emitted('search')).toHaveLength(1)
})

it('says what to do when nothing was understood', async () => {
  give('available')
  const shown = await bar()
  await shown.find('#listen').trigger('click')
  Recogniser.last.onerror({ error: 'no-speech' })
  await flushPromises()
  expect(shown.text()).toContain('没有听清，请再说一次，或者打字')
  expect(shown.emitted('search')).toBeUndefined()
})
