import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import Article from '@/packages/ask/article.vue'
import Ask from '@/packages/ask/ask.vue'
import QuestionPage from '@/packages/ask/question.vue'
import { outbox } from '@/stores/outbox'
import { enter, forget, known } from '@/stores/session'
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
const CARD = { kind: 'article', id: 'a1', title: '养老金怎么领', title_parts: [], snippet: [{ text: '年满 60 岁可以领', hit: false }, { text: '养老金', hit: true }], department_name: '区人社局', updated_at: '2026-11-01T09:00:00+08:00' }
const ITEM = { ...CARD, kind: 'item', id: 'i1', title: '养老保险待遇申领' }
const ARTICLE = {
  id: 'a1', number: 'K1', title: '养老金怎么领', summary: '', document_number: '', source_url: '', expired_text: '', text: '带**身份证**', material_kind_text: '问答', department_name: '区人社局', issuing_unit: '',
  effective_on: null, expires_on: '2026-10-01', expired: false, updated_at: '2026-11-01T09:00:00+08:00',
  related: [{ kind: 'item', id: 'i1', title: '养老保险待遇申领' }], files: [],
}
const QUESTION = { id: 'q1', number: 'H1', query: '养老金', words: '我妈能领吗', state_text: '待受理', next_text: '热线人员会答复您', due_text: '最晚今天 17:00', asked_at: '2026-11-22T09:00:00+08:00', answered_at: null, answer: '', answered_by: '', sources: [], can: ['add', 'cancel'] }

let routes: Record<string, (sent: Sent) => unknown> = {}
beforeEach(() => {
  routes = {
    'GET /session': () => ({ person: me, csrf_token: 'c' }),
    'GET /config': () => ({ hotline: '12345', subscribe_templates: [], hot_words: [] }),
    'GET /public/frequent-questions': () => ({ items: [{ id: 'a9', title: '社保卡丢了怎么办' }] }),
    'GET /answers/suggestions': () => ({ items: [{ kind: 'article', id: 'a1', title: CARD.title }] }),
    'GET /answers': ({ url }) => (url.includes('kind=item') ? { items: [ITEM], total: 1, query_id: 'x' } : { items: [CARD, ITEM], total: 2, query_id: 'x' }),
    'GET /articles/a1': () => ARTICLE,
    'GET /questions/q1': () => QUESTION,
    'POST /answers/feedback': () => ({}),
  }
  server.always = (sent) => {
    const body = routes[`${sent.method} ${sent.url.replace('/api/v1', '').split('?')[0]}`]?.(sent)
    return body ? { status: 200, body } : { status: 404, body: { title: '没找到' } }
  }
  enter({ person: me as never, csrf_token: 'c', token: null })
  send.mockReset()
  send.mockResolvedValue({ state: 'sent', answer: { id: 'q1' } })
})

async function opened(page: unknown, query: Record<string, string> = {}): Promise<VueWrapper> {
  const shown = mount(page as never, { global: { components } }) as VueWrapper
  await fire('load', query)
  await fire('show')
  await flushPromises()
  return shown
}
async function press(page: VueWrapper, words: string): Promise<void> {
  const found = page.findAll('t-button, [role=button], [role=tab], [role=radio]').find((one) => one.text().startsWith(words))
  if (!found) throw new Error(`nothing says ${words}: ${page.text()}`)
  await found.trigger('click')
  await flushPromises()
}

it('answers with articles and items, marks what was asked, and narrows by kind', async () => {
  const page = await opened(Ask, { q: '养老金' })
  expect(page.text()).toContain('找到 2 条和「养老金」有关的')
  expect(page.find('.hit').text()).toBe('养老金')
  await press(page, '办事')
  expect(page.text()).toContain('找到 1 条')
  await page.find('[aria-label="办事指南：养老保险待遇申领"]').trigger('click')
  expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/packages/catalogue/item?id=i1' })
})

it('shows what is often asked before anything is typed, and suggestions while typing', async () => {
  const page = await opened(Ask)
  expect(page.text()).toContain('社保卡丢了怎么办')
  await page.find('#question').trigger('input', { detail: { value: '养老' } })
  await flushPromises()
  await page.find('[aria-label="解答：养老金怎么领"]').trigger('click')
  expect(uni.navigateTo).toHaveBeenCalledWith({ url: `/packages/ask/article?id=a1&q=${encodeURIComponent('养老')}` })
})

it('leads to the desk with the same words when nothing is found', async () => {
  routes['GET /answers'] = () => ({ items: [], total: 0, query_id: 'x' })
  const page = await opened(Ask, { q: '量子户口' })
  expect(page.text()).toContain('没找到「量子户口」的解答')
  await press(page, '问热线人员')
  expect(uni.navigateTo).toHaveBeenCalledWith({ url: `/packages/ask/question?q=${encodeURIComponent('量子户口')}` })
})

it('offers no microphone where the device does not understand speech itself', async () => {
  const page = await opened(Ask)
  expect(page.find('#listen').exists()).toBe(false)
})

it('takes "not helpful" and leads on to the desk', async () => {
  const page = await opened(Article, { id: 'a1', q: '养老金' })
  expect(page.text()).not.toContain('有效期到')
  await press(page, '没帮到')
  const sent = server.sent.find(({ method }) => method === 'POST')
  expect(sent?.data).toEqual({ query: '养老金', kind: 'article', id: 'a1', helpful: false })
  await press(page, '问热线人员')
  expect(uni.navigateTo).toHaveBeenCalledWith({ url: `/packages/ask/question?q=${encodeURIComponent('养老金')}` })
})

it('says above an expired article that it no longer holds', async () => {
  routes['GET /articles/a1'] = () => ({ ...ARTICLE, expired: true, expired_text: '这篇内容已过有效期，请以最新规定为准' })
  const page = await opened(Article, { id: 'a1' })
  expect(page.find('#expired').text()).toContain('有效期到 2026年10月1日')
  expect(page.text()).toContain('身份证')
})

it('keeps the question over signing in and sends it once', async () => {
  forget()
  known.value = true
  storage['draft:question:养老金'] = { at: Date.now(), value: { words: '我妈能领吗' } }
  const page = await opened(QuestionPage, { q: '养老金' })
  forget()
  await press(page, '问热线')
  expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/packages/account/sign-in' })
  expect(send).not.toHaveBeenCalled()
  enter({ person: me as never, csrf_token: 'c', token: null })
  await fire('show')
  await flushPromises()
  await press(page, '发出去')
  expect(send.mock.calls[0][0]).toMatchObject({ kind: 'question', path: '/questions', body: { query: '养老金', words: '我妈能领吗' } })
  expect(storage['draft:question:养老金']).toBeUndefined()
  expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/ask/question?id=q1&sent=1' })
})

it('shows the answer on the page of the question, and at the search it came from', async () => {
  routes['GET /questions/q1'] = () => ({ ...QUESTION, answer: '可以，带户口本来办。', answered_by: '区人社局', answered_at: '2026-11-22T10:00:00+08:00', sources: [{ kind: 'article', id: 'a1', title: '养老金怎么领' }, { kind: 'item', id: 'i1', title: '养老金申领' }] })
  const page = await opened(QuestionPage, { id: 'q1' })
  expect(page.text()).toContain('热线答复您了')
  expect(page.find('#answer').text()).toContain('可以，带户口本来办。')
  const { keepAsked } = await import('@/stores/asked')
  keepAsked('养老金', 'q1')
  const search = await opened(Ask, { q: '养老金' })
  expect(search.text()).toContain('您问过热线')
  expect(search.text()).toContain('可以，带户口本来办。')
})

it('leads on from an article that is no longer there', async () => {
  const page = await opened(Article, { id: 'a404', q: '失业金' })
  expect(page.text()).toContain('这条解答已经不在了')
  await press(page, '到问一问里找')
  expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/ask/ask?q=%E5%A4%B1%E4%B8%9A%E9%87%91' })
})
