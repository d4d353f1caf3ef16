import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import type { MyTicket } from '@/api/tickets'
import { linkTarget } from '@/lib/nav'
import { ticketPage, ticketTone } from '@/lib/ticket'
import Hotline from '@/packages/tickets/hotline.vue'
import { percent, shareText } from '@/packages/tickets/lib/figures'
import NewTicket from '@/packages/tickets/new.vue'
import TicketPage from '@/packages/tickets/ticket.vue'
import { outbox } from '@/stores/outbox'
import { enter } from '@/stores/session'
import { components } from './components'
import { server, storage, type Sent } from './setup'
import { fire } from './uni-app-stub'

vi.mock('@/stores/outbox', async () => {
  const { computed } = await import('vue')
  return {
    outbox: { send: vi.fn(), takeBack: vi.fn(), onSent: vi.fn(() => () => undefined), connected: computed(() => true), jobs: computed(() => []) },
    photo: (index: number) => `photo:${index}`,
  }
})
const send = vi.mocked(outbox.send)
const me = { id: 'p', name: '王秀兰', elder_mode: false }
const TICKET: MyTicket = {
  id: 't1', number: 'H261122-000001-2', query_code: '123456', kind: 'request', kind_text: '求助', question: false, title: '停水两天',
  state: 'handling', state_text: '办理中', next_text: '区城管局正在办', due_text: '最晚 11月29日 办完', created_at: '2026-11-22T09:00:00+08:00',
  // Not open: the page would ask again and again, and time does not pass here.
  open: false, can: ['urge', 'add'], words: '楼里停水两天了', address: '和平路', confidential: false, unit_name: '区城管局', reply: '', replied_at: null,
  rating: null, urge_text: '', files: [], timeline: [],
}
let ticket = TICKET
let answer: (sent: Sent) => { status: number; body: unknown }
beforeEach(() => {
  ticket = TICKET
  answer = () => ({ status: 200, body: ticket })
  server.always = (sent) => {
    if (sent.url.endsWith('/session')) return { status: 200, body: { person: me, csrf_token: 'c' } }
    if (sent.url.endsWith('/config')) return { status: 200, body: { hotline: '12345', subscribe_templates: [], hot_words: [] } }
    return answer(sent)
  }
  enter({ person: me as never, csrf_token: 'c', token: null })
  send.mockReset()
  send.mockResolvedValue({ state: 'sent', answer: { id: 't1' } })
})

async function opened(page: unknown, query: Record<string, string> = {}): Promise<VueWrapper> {
  const shown = mount(page as never, { global: { components } }) as VueWrapper
  await fire('load', query)
  await fire('show')
  await flushPromises()
  return shown
}
async function press(page: VueWrapper, words: string): Promise<void> {
  const found = page.findAll('t-button, [role=button], [role=radio], [role=switch]').find((one) => one.text().startsWith(words))
  if (!found) throw new Error(`nothing says ${words}: ${page.text()}`)
  await found.trigger('click')
  await flushPromises()
}

it('shows a summary, sends once, forgets the draft and leads to the number', async () => {
  storage['draft:ticket'] = { at: Date.now(), value: { kind: 'complaint', words: '夜里施工' } }
  const page = await opened(NewTicket)
  await press(page, '为我保密')
  await press(page, '下一步')
  expect(page.text()).toContain('看一下对不对')
  expect(send).not.toHaveBeenCalled()
  await press(page, '发送')
  expect(send).toHaveBeenCalledOnce()
  expect(send.mock.calls[0][0]).toMatchObject({ kind: 'ticket', path: '/tickets', body: { kind: 'complaint', words: '夜里施工', address: '', confidential: true, file_ids: [] }, photos: [] })
  expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/tickets/ticket?id=t1&sent=1' })
  expect(storage['draft:ticket']).toBeUndefined()
})

it('says what is missing, and puts the emergency numbers first', async () => {
  storage['draft:ticket'] = { at: Date.now(), value: { words: '' } }
  const page = await opened(NewTicket, { kind: 'suggestion' })
  await press(page, '下一步')
  expect(page.text()).toContain('请写一句话，说说是什么事')
  expect(page.text()).not.toContain('看一下对不对')
  storage['draft:ticket'] = { at: Date.now(), value: { words: '楼道起火了' } }
  const burning = await opened(NewTicket)
  expect(burning.find('[aria-label="拨打 119 火警"]').exists()).toBe(true)
})

it('keeps what was written and says why when it is refused', async () => {
  storage['draft:ticket'] = { at: Date.now(), value: { words: '夜里施工' } }
  send.mockResolvedValue({ state: 'refused', id: 'j1', problem: { status: 429, code: 'x', title: '今天写得太多了', detail: '', action: '请明天再写', fields: {} } })
  const page = await opened(NewTicket)
  await press(page, '下一步')
  await press(page, '发送')
  expect(page.text()).toContain('今天写得太多了，请明天再写')
  expect(outbox.takeBack).toHaveBeenCalledWith('j1')
  expect(uni.redirectTo).not.toHaveBeenCalled()
})

it('says so when it waits on the phone, and shows the number once it is sent', async () => {
  storage['draft:ticket'] = { at: Date.now(), value: { words: '夜里施工', kind: 'complaint' } }
  send.mockResolvedValue({ state: 'waiting' })
  const page = await opened(NewTicket)
  await press(page, '下一步')
  await press(page, '发送')
  expect(page.text()).toContain('没有网络，已存在手机里，有网自动发送')
  const [tell] = vi.mocked(outbox.onSent).mock.calls.at(-1) as [(job: never, answer: unknown) => void]
  tell({ kind: 'ticket', title: '投诉：夜里施工' } as never, { id: 't7' })
  expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/tickets/ticket?id=t7&sent=1' })
})

it('urges once and then says when one may again', async () => {
  const page = await opened(TicketPage, { id: 't1' })
  expect(page.text()).toContain('区城管局正在办')
  await press(page, '催一催')
  answer = ({ method, url, data }) => {
    if (method === 'POST') expect([url, data]).toEqual(['/api/v1/tickets/t1/urges', { words: '还没有人联系我' }])
    return { status: 200, body: { ...TICKET, can: ['add'], urge_text: '今天催过了，明天可以再催' } }
  }
  await press(page, '还没有人联系我')
  await press(page, '催办')
  expect(page.text()).toContain('今天催过了，明天可以再催')
  expect(page.find('#urge').exists()).toBe(false)
})

it('sends photos with a matter and with what is added, and shows what was sent', async () => {
  storage['draft:ticket'] = { at: Date.now(), value: { words: '楼道漏水', photos: ['k1', 'k2'] } }
  const page = await opened(NewTicket)
  await press(page, '下一步')
  expect(page.text()).toContain('2 张')
  await press(page, '发送')
  expect(send.mock.calls[0][0]).toMatchObject({ body: { file_ids: ['photo:0', 'photo:1'] }, photos: ['k1', 'k2'] })

  const file = { id: 'f1', url: '/api/v1/tickets/t1/files/f1', small_url: '', at: '2026-11-22T09:00:00+08:00' }
  send.mockResolvedValue({ state: 'sent', answer: { ...TICKET, files: [file] } })
  const shown = await opened(TicketPage, { id: 't1' })
  expect(shown.find('#photos').exists()).toBe(false)
  await press(shown, '补充情况')
  await shown.find('textarea').trigger('input', { detail: { value: '又漏了' } })
  await press(shown, '发送')
  expect(send.mock.calls[1][0]).toMatchObject({ kind: 'note', path: '/tickets/t1/notes', about: 't1', body: { words: '又漏了', file_ids: [] } })
  await press(shown, '我写的内容')
  expect(shown.find('#photos').exists()).toBe(true)
})

it('says so when what is added waits on the phone, and why when it is refused', async () => {
  const page = await opened(TicketPage, { id: 't1' })
  await press(page, '补充情况')
  await page.find('textarea').trigger('input', { detail: { value: '又漏了' } })
  send.mockResolvedValue({ state: 'refused', id: 'j1', problem: { status: 409, code: 'x', title: '这件事已经办结', detail: '', action: '请重新反映', fields: {} } })
  await press(page, '发送')
  expect(page.text()).toContain('这件事已经办结，请重新反映')
  send.mockResolvedValue({ state: 'waiting' })
  await press(page, '发送')
  expect(page.find('textarea').exists()).toBe(false)
  expect(page.text()).toContain('区城管局正在办')
})

it('asks for a word when something was not done well, then rates', async () => {
  ticket = { ...TICKET, state: 'callback', can: ['rate'], reply: '水管修好了。' }
  const page = await opened(TicketPage, { id: 't1' })
  expect(page.find('#reply').text()).toContain('水管修好了。')
  await press(page, '没解决')
  await press(page, '不满意')
  const posts = () => server.sent.filter(({ method }) => method === 'POST')
  await press(page, '提交评价')
  expect(page.text()).toContain('请写一句哪里没做好')
  expect(posts()).toEqual([])
  await page.find('textarea').trigger('input', { detail: { value: '又停了' } })
  await press(page, '提交评价')
  expect(posts()[0].data).toEqual({ solved: false, satisfied: false, comment: '又停了' })
})

it('shows figures with what they are shares of', async () => {
  const rate = (numerator: number, denominator: number) => ({ numerator, denominator, excluded: 2, rate: denominator ? numerator / denominator : null })
  answer = () => ({
    status: 200,
    body: {
      period_text: '近 30 天', as_of: '2026-11-22T09:00:00+08:00',
      figures: { calls: 120, connected_rate: 0.964, answered_15s_rate: null, tickets: 80, closed: 60, open: 20 },
      rates: { response: rate(57, 60), solved: rate(0, 0), satisfied: rate(48, 50) },
      frequent: [{ id: 'a1', title: '社保卡丢了怎么办' }], answered: [],
    },
  })
  const page = await opened(Hotline)
  for (const words of ['96.4%', '95%', '60 件里 57 件，另有 2 件不计', '件数太少，还不能算', '社保卡丢了怎么办']) expect(page.text()).toContain(words)
  expect(percent(null)).toBe('–')
  expect(shareText({ numerator: 1, denominator: 2, excluded: 0, rate: 0.5 })).toBe('2 件里 1 件')
})

it('finds the page of a message and of a matter', () => {
  expect(linkTarget('/tickets/t1')).toBe('/packages/tickets/ticket?id=t1')
  expect(linkTarget('/questions/q1')).toBe('/packages/ask/question?id=q1')
  expect(linkTarget('/articles/a1')).toBe('/packages/ask/article?id=a1')
  expect(ticketPage({ id: 'q1', question: true })).toBe('/packages/ask/question?id=q1')
  expect(ticketTone({ state: 'handling', can: [] })).toBe('brand')
  expect(ticketTone({ state: 'callback', can: ['rate'] })).toBe('warn')
  expect(ticketTone({ state: 'closed', can: [] })).toBe('good')
  expect(ticketTone({ state: 'merged', can: [] })).toBe('plain')
})
