import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import type { Suggestions } from '@/api/events'
import Report from '@/packages/events/report.vue'
import { outbox } from '@/stores/outbox'
import { enter, forget } from '@/stores/session'
import { platform } from '#platform'
import { components } from './components'
import { server, storage } from './setup'

vi.mock('@/stores/outbox', async () => {
  const { computed } = await import('vue')
  return {
    outbox: { send: vi.fn(), takeBack: vi.fn(), onSent: vi.fn(() => () => undefined), connected: computed(() => true), jobs: computed(() => []) },
    photo: (index: number) => `photo:${index}`,
  }
})
const send = vi.mocked(outbox.send)

const suggestions = (part: Partial<Suggestions> = {}): Suggestions => ({
  categories: [{ code: 'light', name: '路灯不亮', parent_name: '市政', sure: 0.9 }], emergency: null, similar: [], place: null, ...part,
})
const FIRE = { matched: true, services: [{ number: '119', name: '火警' }], advice: '先离开' }
const NEAR = { id: 's1', title: '路口路灯不亮', state_text: '待认领', distance_m: 80, callers_count: 2, called_at: '2026-11-22T07:00:00+08:00', photo_url: null }
const me = { id: 'p', name: '王秀兰', elder_mode: false }

let told: Suggestions | 'lost' = suggestions()
beforeEach(() => {
  told = suggestions()
  server.always = ({ url }) => {
    if (!url.endsWith('/event-suggestions')) return { status: 200, body: { person: me, csrf_token: 'c' } }
    return told === 'lost' ? 'lost' : { status: 200, body: told }
  }
  enter({ person: me as never, csrf_token: 'c', token: null })
  send.mockResolvedValue({ state: 'sent', answer: { id: 'e1' } })
})

async function written(words = '门口路灯不亮'): Promise<VueWrapper> {
  storage['draft:report'] = { at: Date.now(), value: { words, place: { point: null, address: '和平路 12 号' } } }
  const page = mount(Report, { global: { components } })
  await flushPromises()
  return page
}
async function press(page: VueWrapper, words: string): Promise<void> {
  const found = page.findAll('t-button, [role=button]').find((one) => one.text() === words)
  if (!found) throw new Error(`nothing says ${words}: ${page.text()}`)
  await found.trigger('click')
  await flushPromises()
}

it('shows a summary, sends once and leads to the number', async () => {
  const page = await written()
  await press(page, '下一步')
  expect(page.text()).toContain('看一下对不对')
  expect(send).not.toHaveBeenCalled()
  await press(page, '发送')
  expect(send).toHaveBeenCalledOnce()
  expect(send.mock.calls[0][0]).toMatchObject({ kind: 'report', path: '/events', body: { words: '门口路灯不亮', category_code: 'light', address: '和平路 12 号' } })
  expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/events/reported?id=e1' })
  expect(storage['draft:report']).toBeUndefined()
})

it('puts the emergency numbers before anything is sent', async () => {
  told = suggestions({ emergency: FIRE })
  const call = vi.spyOn(platform, 'call').mockReturnValue()
  const page = await written('楼道起火')
  await press(page, '下一步')
  expect(page.text()).toContain('人有危险，先打电话')
  expect(page.text()).not.toContain('看一下对不对')
  await page.find('[aria-label="拨打 119 火警"]').trigger('click')
  expect(call).toHaveBeenCalledWith('119')
  await press(page, '仍要上报')
  expect(page.text()).toContain('看一下对不对')
  expect(send).not.toHaveBeenCalled()
})

it('knows danger by itself when the server cannot be asked', async () => {
  told = 'lost'
  const page = await written('楼道起火')
  await press(page, '下一步')
  expect(page.find('[aria-label="拨打 119 火警"]').exists()).toBe(true)
  expect(send).not.toHaveBeenCalled()
})

it('offers to join what a neighbour has reported', async () => {
  told = suggestions({ similar: [NEAR] })
  const page = await written()
  await press(page, '下一步')
  expect(page.text()).toContain('附近有人报过类似的事')
  await press(page, '我也遇到')
  expect(send.mock.calls[0][0]).toMatchObject({ kind: 'join', path: '/events/s1/callers', body: { words: '门口路灯不亮', file_ids: [] } })
})

it('says what waits on the phone when there is no network', async () => {
  told = 'lost'
  send.mockResolvedValue({ state: 'waiting' })
  const page = await written()
  await press(page, '下一步')
  await press(page, '发送')
  expect(page.text()).toContain('没有网络，已存在手机里，有网自动发送')
  expect(uni.redirectTo).not.toHaveBeenCalled()
  const [tell] = vi.mocked(outbox.onSent).mock.calls[0]
  tell({ kind: 'report', title: '门口路灯不亮' } as never, { id: 'e9' })
  expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/events/reported?id=e9' })
})

it('keeps the draft of a refused report and says why', async () => {
  const problem = { status: 422, code: 'x', title: '不行', detail: '这个位置不在本区', action: '请换个位置', fields: {} }
  send.mockResolvedValue({ state: 'refused', id: 'j1', problem })
  const page = await written()
  await press(page, '下一步')
  await press(page, '发送')
  expect(page.text()).toContain('这个位置不在本区，请换个位置')
  expect(outbox.takeBack).toHaveBeenCalledWith('j1')
  expect(uni.redirectTo).not.toHaveBeenCalled()
})

it('asks to sign in first and keeps what is written', async () => {
  const page = await written()
  forget()
  await press(page, '下一步')
  expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/packages/account/sign-in' })
  expect(send).not.toHaveBeenCalled()
})

it('says what is missing and sends nothing', async () => {
  storage['draft:report'] = { at: Date.now(), value: {} }
  const page = mount(Report, { global: { components } })
  await press(page, '下一步')
  expect(page.text()).toContain('请写一句话，或说一段语音')
  expect(send).not.toHaveBeenCalled()
})
