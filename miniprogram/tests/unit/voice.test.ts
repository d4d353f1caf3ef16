import { flushPromises, mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import Recorder from '@/components/hy-voice-recorder.vue'
import type { Voice } from '@/platform/types'
import { keptFiles } from '@/stores/kept-files'
import { platform } from '#platform'
import { components } from './components'

function microphone(seconds: number) {
  let end = (_: Voice): void => undefined
  const done = new Promise<Voice>((resolve) => (end = resolve))
  const stop = vi.fn(() => end({ path: 'blob:1', seconds }))
  vi.spyOn(platform, 'recordVoice').mockResolvedValue({ done, stop })
  vi.spyOn(keptFiles, 'keep').mockResolvedValue('kept')
  return stop
}
const mounted = () => mount(Recorder, { props: { modelValue: null }, global: { components } })

it('records while it is held and keeps the note when it is let go', async () => {
  const stop = microphone(4)
  const now = vi.spyOn(Date, 'now').mockReturnValue(1000)
  const recorder = mounted()
  await recorder.find('#talk').trigger('touchstart')
  await flushPromises()
  now.mockReturnValue(5000)
  await recorder.find('#talk').trigger('touchend')
  await flushPromises()
  now.mockRestore()
  expect(stop).toHaveBeenCalledOnce()
  expect(recorder.emitted('update:modelValue')).toEqual([[{ key: 'kept', seconds: 4 }]])
})

it('goes on after a short tap until the next one', async () => {
  const stop = microphone(6)
  const recorder = mounted()
  await recorder.find('#talk').trigger('touchstart')
  await recorder.find('#talk').trigger('touchend')
  await flushPromises()
  expect(stop).not.toHaveBeenCalled()
  expect(recorder.text()).toContain('点一下结束')
  await recorder.find('#talk').trigger('touchstart')
  await flushPromises()
  expect(stop).toHaveBeenCalledOnce()
  expect(recorder.emitted('update:modelValue')).toHaveLength(1)
})

it('says so when nothing was heard, and when the microphone is refused', async () => {
  microphone(0)()
  const recorder = mounted()
  await recorder.find('#talk').trigger('click')
  await flushPromises()
  expect(recorder.text()).toContain('说得太短')
  vi.spyOn(platform, 'recordVoice').mockRejectedValue(new Error('denied'))
  await recorder.find('#talk').trigger('click')
  await flushPromises()
  expect(recorder.text()).toContain('没能打开麦克风')
  expect(recorder.emitted('update:modelValue')).toBeUndefined()
})
