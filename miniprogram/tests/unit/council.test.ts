import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import HomesPage from '@/packages/council/homes.vue'
import CouncilHome from '@/packages/council/home.vue'
import ClaimPage from '@/packages/council/claim.vue'
import OpinionsPage from '@/packages/council/opinions.vue'
import ProposePage from '@/packages/council/propose.vue'
import ProofPage from '@/packages/council/proof.vue'
import ProxiesPage from '@/packages/council/proxies.vue'
import ResultPage from '@/packages/council/result.vue'
import TopicPage from '@/packages/council/topic.vue'
import TransferPage from '@/packages/council/transfer.vue'
import VotePage from '@/packages/council/vote.vue'
import { keptFiles } from '@/stores/kept-files'
import { enter } from '@/stores/session'
import { components } from './components'
import { platform } from '#platform'
import { server, storage, type Sent } from './setup'
import { fire } from './uni-app-stub'
// The same imagined neighbourhood as in the check of the WeChat build.
import { routes } from '../../../weapp-check/fixtures-council.cjs'

const known = routes((items) => [200, { items, next_cursor: null }])
const me = { id: 'p', name: '王秀兰', elder_mode: false, verified: true }
let answers: Record<string, (sent: Sent) => { status: number; body: unknown } | 'lost'> = {}

beforeEach(() => {
  answers = {}
  // A page that asks again and again would never rest here, since time does not pass.
  server.always = (sent) => {
    const url = new URL(sent.url, 'http://x')
    const path = url.pathname.replace('/api/v1', '')
    if (path === '/session') return { status: 200, body: { person: me, csrf_token: 'c' } }
    const own = answers[`${sent.method} ${path}`]
    if (own) return own(sent)
    const found = (url.searchParams.get('parent') ? known[`${sent.method} ${path}?parent`] : undefined) ?? known[`${sent.method} ${path}`]
    const [status, body] = found?.() ?? [404, { title: '没找到' }]
    return { status, body }
  }
  enter({ person: me as never, csrf_token: 'c', token: null })
  Object.assign(uni, { pageScrollTo: vi.fn() })
  vi.stubGlobal('setTimeout', (run: () => void, ms?: number) => {
    if (!ms || ms < 20_000) queueMicrotask(run)
    return 0
  })
})

async function opened(page: unknown, query: Record<string, string> = {}): Promise<VueWrapper> {
  const shown = mount(page as never, { global: { components } }) as VueWrapper
  await fire('load', query)
  await fire('show')
  await flushPromises()
  return shown
}
async function press(page: VueWrapper, words: string): Promise<void> {
  const found = page.findAll('t-button, [role=button], [role=radio], [role=checkbox], [role=tab], [role=switch]').find((one) => (one.attributes('aria-label') ?? one.text()).startsWith(words) || one.text().startsWith(words))
  if (!found) throw new Error(`nothing says ${words}: ${page.text()}`)
  await found.trigger('click')
  await flushPromises()
}
async function write(page: VueWrapper, selector: string, value: string): Promise<void> {
  await page.find(selector).trigger('input', { detail: { value } })
  await flushPromises()
}
const body = (method: string, path: string): Record<string, unknown> | undefined =>
  server.sent.filter((sent) => sent.method === method && sent.url.endsWith(path)).at(-1)?.data

describe('the community', () => {
  it('leads somebody without a home to the claim', async () => {
    answers['GET /communities/mine'] = answers['GET /homes'] = () => ({ status: 200, body: { items: [] } })
    const page = await opened(CouncilHome)
    expect(page.text()).toContain('先登记您住在哪里')
    await press(page, '登记住处')
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/packages/council/claim' })
  })
  it('shows topics by stage, what comes next and by when, and the claims that wait', async () => {
    const page = await opened(CouncilHome)
    for (const words of ['桂香苑', '等待社区确认', '到时间自动结束', '最晚', '还差 3 人联名']) expect(page.text()).toContain(words)
    await press(page, '表决中')
    expect(server.sent.at(-1)?.url).toContain('state=voting')
    await press(page, '越和新村 6 栋')
    expect(server.sent.at(-1)?.url).toContain('community=c2')
    expect(storage['council-place']).toBe('c2')
  })
  it('gives up a home only after asking', async () => {
    answers['DELETE /homes/h2'] = () => ({ status: 204, body: null })
    const page = await opened(HomesPage)
    await press(page, '撤回登记')
    expect(page.text()).toContain('撤回这次登记？')
    expect(server.sent.some(({ method }) => method === 'DELETE')).toBe(false)
    await press(page, '确定')
    expect(server.sent.some(({ method, url }) => method === 'DELETE' && url.endsWith('/homes/h2'))).toBe(true)
  })
  it('claims a home by community, entrance, room and relation', async () => {
    answers['POST /homes'] = () => ({ status: 201, body: { id: 'h9' } })
    const page = await opened(ClaimPage)
    await press(page, '查找')
    await press(page, '桂香苑')
    await press(page, '1 栋 2 单元')
    await press(page, '1-2-302')
    await press(page, '家庭成员')
    await press(page, '下一步')
    expect(page.text()).toContain('我是家庭成员')
    await press(page, '提交')
    expect(body('POST', '/homes')).toEqual({ room_id: '1-2-302', relation: 'family', words: '', file_ids: [] })
    expect(storage['draft:home-claim']).toBeUndefined()
    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/council/homes' })
  })
  it('proposes a topic under a rule that is told before', async () => {
    answers['POST /topics'] = () => ({ status: 201, body: { id: 't9' } })
    const page = await opened(ProposePage, { community: 'c1' })
    expect(page.text()).toContain('通过后按表决办')
    await press(page, '议事')
    await press(page, '1 栋')
    await press(page, '下一步')
    expect(page.text()).toContain('请写一句话')
    await write(page, '#title', '车库换灯')
    await write(page, '#words', '夜里太暗')
    await press(page, '下一步')
    await press(page, '提交')
    expect(body('POST', '/topics')).toEqual({ community_id: 'c1', kind: 'matter', scope_kind: 'building', scope_id: 'b1', title: '车库换灯', words: '夜里太暗', file_ids: [] })
    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/council/topic?id=t9&sent=1' })
  })
  it('gives and ends a proxy', async () => {
    answers['POST /proxies'] = () => ({ status: 201, body: {} })
    answers['DELETE /proxies/p1'] = () => ({ status: 204, body: null })
    const page = await opened(ProxiesPage)
    await press(page, '下一步')
    expect(page.text()).toContain('请填写 11 位手机号')
    await write(page, '#holder', '李国华')
    await write(page, '#phone', '13800000000')
    await press(page, '下一步')
    await press(page, '委托')
    expect(body('POST', '/proxies')).toMatchObject({ home_id: 'h1', as: 'owner', holder_name: '李国华', topic_id: null })
    await press(page, '不再替他投')
    await press(page, '撤销')
    expect(server.sent.some(({ method, url }) => method === 'DELETE' && url.endsWith('/proxies/p1'))).toBe(true)
  })
})

describe('a transfer', () => {
  it('goes out with the papers, the new owners and nothing kept on the phone', async () => {
    answers['POST /homes/h1/transfers'] = () => ({ status: 201, body: {} })
    const page = await opened(TransferPage, { home: 'h1' })
    await press(page, '没有我')
    await press(page, '下一步')
    expect(page.text()).toContain('请拍一张不动产权证')
    expect(page.text()).toContain('请写姓名')
    await write(page, '#owner-name-0', '李国华')
    await write(page, '#owner-number-0', '999901199003070017')
    vi.spyOn(keptFiles, 'url').mockResolvedValue('blob:photo')
    const picker = page.findComponent(components['hy-photo-picker'] as never) as unknown as VueWrapper
    picker.vm.$emit('update:modelValue', ['kept-1'])
    vi.spyOn(platform, 'upload').mockResolvedValue({ statusCode: 201, data: { id: 'f1' } })
    await press(page, '下一步')
    expect(page.text()).toContain('李国华 999901199003070017')
    await press(page, '提交')
    expect(body('POST', '/homes/h1/transfers')).toEqual({
      owners: [{ kind: 'person', name: '李国华', id_number: '999901199003070017', phone: '' }], with_me: false, words: '', file_ids: ['f1'],
    })
    expect(JSON.stringify(storage)).not.toContain('9999011990')
    expect(uni.redirectTo).toHaveBeenCalledWith({ url: '/packages/council/homes' })
  })
  it('waits for the one that is being looked at', async () => {
    const waiting = { id: 'w1', label: '1-2-301', state_text: '等待核对', owners_count: 1, requested_at: '', can: ['withdraw'] }
    answers['GET /homes'] = () => ({ status: 200, body: { items: [{ ...(known['GET /homes']()[1] as { items: object[] }).items[0], transfer: waiting }] } })
    expect((await opened(TransferPage, { home: 'h1' })).text()).toContain('已有一份过户在核对')
  })
})

describe('what can be kept to check a vote later', () => {
  it('says that the seat is on the roll, and saves the latest checkpoint', async () => {
    const saved = vi.spyOn(platform, 'saveText').mockResolvedValue()
    const page = await opened(ProofPage, { id: 'a1' })
    expect(page.text()).toContain('在。第 3 位，共 5 位')
    await press(page, '保存最新的检查点')
    expect(saved).toHaveBeenCalledWith('检查点-3.txt', expect.stringContaining('running 3'))
    await press(page, '看全部 4 个')
    expect(page.text()).toContain('表决开始')
  })
  it('says loudly when the roll is another one, and calmly when one is not on it', async () => {
    const [proof] = (known['GET /votes/a1/roll-proof']()[1] as { items: { line: object }[] }).items
    answers['GET /votes/a1/roll-proof'] = () => ({ status: 200, body: { items: [{ ...proof, line: { ...proof.line, area_centi: 1 } }] } })
    expect((await opened(ProofPage, { id: 'a1' })).text()).toContain('名册和开始时封存的不一样')
    answers['GET /votes/a1/roll-proof'] = () => ({ status: 404, body: { code: 'not_on_roll', title: '您不在这次表决的名册里' } })
    expect((await opened(ProofPage, { id: 'a1' })).text()).toContain('您不在这次表决的名册里')
  })
})

describe('a topic', () => {
  it('tells where it stands, by when, what the result is worth, and marks what an office says', async () => {
    const page = await opened(TopicPage, { id: 'a1' })
    for (const words of ['到时间自动结束', '最晚', '通过后按表决办', '官方答复', '不成立', '落实得怎么样', '30%']) expect(page.text()).toContain(words)
    await press(page, '去投票')
    expect(uni.navigateTo).toHaveBeenCalledWith({ url: '/packages/council/vote?id=a1' })
  })
  it('tells an author three different things about the check', async () => {
    const page = await opened(TopicPage, { id: 'a1' })
    for (const words of ['没有通过检查', '人工查看中', '稍后检查', '只有您能看到']) expect(page.text()).toContain(words)
    answers['PUT /comments/k3'] = ({ data }) => ({ status: 200, body: { id: 'k3', parent_id: null, author: '我', official: false, mine: true, text: data?.text, gone: false, pictures: [], state: 'checking', state_text: '检查中', likes: 0, liked: false, replies: 0, at: '2026-11-22T09:00:00+08:00', edited: true, notice: null, can: [] } })
    await press(page, '改一改再发')
    await write(page, '#say-edit', '换个说法')
    await press(page, '重新发送')
    expect(page.text()).toContain('换个说法')
    expect(page.text()).not.toContain('被拦下的一条')
  })
  it('keeps a comment that could not be sent, and shows it to its author once it was', async () => {
    answers['POST /topics/a1/comments'] = () => 'lost'
    const page = await opened(TopicPage, { id: 'a1' })
    await press(page, '说一句')
    await write(page, '#say-comment', '我支持')
    await press(page, '发送')
    expect(page.text()).toContain('网络好像断了')
    expect(storage['draft:say:comment:a1']).toMatchObject({ value: { words: '我支持' } })
    answers['POST /topics/a1/comments'] = ({ data }) => ({ status: 201, body: { id: 'n', parent_id: null, author: '我', official: false, mine: true, text: data?.text, gone: false, pictures: [], state: 'checking', state_text: '检查中', likes: 0, liked: false, replies: 0, at: '2026-11-22T09:00:00+08:00', edited: false, notice: null, can: [] } })
    await press(page, '发送')
    expect(body('POST', '/comments')).toEqual({ text: '我支持', parent_id: null, file_ids: [] })
    expect(page.text()).toContain('我支持')
    expect(storage['draft:say:comment:a1']).toBeUndefined()
  })
  it('opens replies, sorts, likes and reports', async () => {
    answers['POST /comments/k2/reports'] = () => ({ status: 204, body: null })
    const page = await opened(TopicPage, { id: 'a1' })
    await press(page, '1 条回复')
    expect(page.text()).toContain('我也同意按楼层分')
    await press(page, '举报')
    await press(page, '不实信息')
    await page.findAll('t-button').filter((one) => one.text() === '举报').at(-1)?.trigger('click')
    await flushPromises()
    expect(body('POST', '/comments/k2/reports')).toEqual({ why: 'false', words: '' })
    await press(page, '赞最多')
    expect(server.sent.at(-1)?.url).toContain('sort=liked')
  })
  it('takes an objection with its words', async () => {
    answers['POST /topics/a1/objections'] = () => ({ status: 201, body: known['GET /topics/a1']()[1] })
    const page = await opened(TopicPage, { id: 'a1' })
    await press(page, '提出异议')
    await write(page, '#say-object', '采光不够')
    await press(page, '提交异议')
    expect(body('POST', '/objections')).toEqual({ words: '采光不够', file_ids: [] })
  })
  it('says so when it is out of reach', async () => {
    answers['GET /topics/zz'] = () => ({ status: 404, body: { title: '没有这个议题' } })
    expect((await opened(TopicPage, { id: 'zz' })).text()).toContain('没有这个议题')
  })
})

describe('a vote', () => {
  it('reads the choice back in words, casts once, and shows the receipt without the choice', async () => {
    const page = await opened(VotePage, { id: 'a1' })
    expect(page.text()).toContain('请选一项')
    await press(page, '不同意')
    await press(page, '下一步')
    expect(page.text()).toContain('就这样投？')
    expect(page.text()).toContain('1-2-301 投：')
    expect(server.sent.some(({ url }) => url.endsWith('/ballots'))).toBe(false)
    const cast = known['GET /votes/a1']()[1] as { seats: { entry_id: string; cast: boolean }[] }
    answers['GET /votes/a1'] = () => ({ status: 200, body: { ...cast, seats: cast.seats.map((one) => ({ ...one, cast: true })) } })
    await press(page, '投票')
    expect(body('POST', '/ballots')).toEqual({ entry_id: 's1', choice: ['oppose'], nonce: expect.stringMatching(/^[0-9a-f]{32}$/) })
    expect(page.find('#receipt').text()).toContain('HB3C-9KQE-77WM')
    expect(page.find('#receipt').text()).not.toContain('不同意')
    await press(page, '看一看')
    expect(page.find('#receipt').text()).toContain('不同意')
    expect(page.find('#receipt').text()).toContain(String(body('POST', '/ballots')?.nonce))
    await press(page, '改票')
    expect(page.find('[t-id=next]').exists()).toBe(true)
  })
  it('only sends the same ballot again when an answer was lost', async () => {
    answers['POST /votes/a1/ballots'] = () => 'lost'
    const page = await opened(VotePage, { id: 'a1' })
    await press(page, '同意')
    await press(page, '下一步')
    await press(page, '投票')
    expect(page.text()).toContain('不知道到了没有')
    const again = await opened(VotePage, { id: 'a1' })
    expect(again.find('[t-id=next]').text()).toBe('再发一次')
    await press(again, '弃权')
    await press(again, '再发一次')
    expect(again.text()).toMatch(/1-2-301 投：同意/)
  })
  it('tells somebody who is not on the roll why', async () => {
    answers['GET /votes/a1'] = () => ({ status: 200, body: { ...(known['GET /votes/a1']()[1] as object), seats: [] } })
    expect((await opened(VotePage, { id: 'a1' })).text()).toContain('您不在这次表决的名册里')
  })
  it('shows what projects cost and stops at the most', async () => {
    const page = await opened(VotePage, { id: 'budget' })
    for (const words of ['地下车库', '中心花园']) await press(page, words)
    expect(page.text()).toContain('您选的加起来 200,000 元，总预算 300,000 元')
    expect(page.text()).toContain('不记名的票分批计入')
  })
  it('shows the result by heads and by area, with how to check it', async () => {
    const page = await opened(ResultPage, { id: 'a1' })
    for (const words of ['通过了', '85.7%', '要达到四分之三，够了', '910.00 平方米', 'python -m verifier', 'QK7M-2XPA-94TD']) expect(page.text()).toContain(words)
    const fetched = vi.spyOn(platform, 'openFile').mockResolvedValue()
    await press(page, '下载核对材料')
    expect(fetched).toHaveBeenCalledWith(expect.stringMatching(/^https?:.*\/votes\/a1\/bundle$/), 'vote-a1', 'zip')
  })
})

it('asks one statement after the other and draws the map in words too', async () => {
  const page = await opened(OpinionsPage, { id: 'a1', title: '加装电梯' })
  expect(page.find('#next-statement').text()).toContain('一、二层不应该出钱')
  expect(page.find('[role=img]').attributes('aria-label')).toContain('A 组 10 人')
  await press(page, '同意：一、二层')
  expect(body('PUT', '/statements/s1/vote')).toEqual({ answer: 'agree' })
  expect(page.text()).toContain('都表过态了')
  expect(page.text()).toContain('同意 10 · 不同意 7 · 说不好 1')
})
