import { describe, expect, it } from 'vitest'
import type { Hit } from '@/api/knowledge'
import type { TicketDetail } from '@/api/hotline'
import type { Permission, Staff } from '@/api/types'
import { insertProblem, pinsOf, pinsText, stepIn, withAnswer, withPin } from '@/lib/answers'
import { isWritten, keep, opening, readKept, type KeptDraft } from '@/lib/drafts'
import { keysFor } from '@/lib/keys'
import { bothTexts, mergeThree, resolve, sameBody } from '@/lib/merging'
import { blankForm, callClock, callOfKey, draftKey, draftTitle, formProblems, freeKey, madeOf, newTicket } from '@/lib/operatorForm'
import { landing, mayOpenRoute, sectionsFor } from '@/lib/permissions'
import { scriptFor, withForm, type Script } from '@/lib/scripts'
import { TICKET_ACTIONS, actionOfKey, decisionFields, decisionWords, isMain, ticketActionsFor, ticketBody, withDepartments } from '@/lib/ticketActions'
import { DESKS, attemptsText, callerText, firstTab, nextSentence, sureText, tabsFor } from '@/lib/tickets'

function staff(...permissions: Permission[]): Staff {
  return { id: '1', username: 'a', name: '甲', state: 'active', must_change_password: false, roles: [], permissions, halls: [] }
}

describe('two texts of one form', () => {
  const labels = { words: '什么事', address: '在哪里' }
  const base = { words: '停水', address: '' }
  it('are joined where only one side wrote', () => {
    const merged = mergeThree(base, { words: '停水两天', address: '' }, { words: '停水', address: '文汇路' }, labels)
    expect(merged).toEqual({ body: { words: '停水两天', address: '文汇路' }, clashes: [] })
  })
  it('are no dispute where both wrote the same', () =>
    expect(mergeThree(base, { words: '水停了', address: '' }, { words: '水停了', address: '' }, labels).clashes).toEqual([]))
  it('are both shown where both wrote something else', () => {
    const merged = mergeThree(base, { words: '我的', address: '' }, { words: '别人的', address: '' }, labels)
    expect(merged.clashes).toEqual([{ name: 'words', label: '什么事', mine: '我的', theirs: '别人的' }])
    expect(resolve(merged, { words: 'mine' }).words).toBe('我的')
    expect(resolve(merged, { words: 'theirs' }).words).toBe('别人的')
    expect(resolve(merged, { words: 'both' }).words).toBe('我的\n别人的')
  })
  it('never drop a text nobody chose about', () => {
    const merged = mergeThree({}, { words: '我的' }, { words: '别人的' }, labels)
    expect(resolve(merged, {}).words).toBe('我的')
    expect(bothTexts({ name: 'a', label: 'a', mine: '', theirs: '乙' })).toBe('乙')
  })
  it('compare alike whatever is left out', () => expect(sameBody({ a: '' }, {})).toBe(true))
})

describe('a draft', () => {
  const kept = (body: Record<string, string>, more: Partial<KeptDraft> = {}): KeptDraft => ({
    body,
    base: {},
    version: 0,
    keptAt: '2026-11-22T05:00:00Z',
    ...more,
  })
  it('is blank where nothing was written', () => expect(opening(null, null)).toEqual({ how: 'blank' }))
  it('comes back from this computer after a crash', () => {
    const opened = opening(kept({ words: '停水' }, { version: 3, base: { words: '停' } }), { body: { words: '停' }, version: 3 })
    expect(opened).toMatchObject({ how: 'kept', draft: { body: { words: '停水' }, version: 3 } })
  })
  it('comes from the server at another computer', () =>
    expect(opening(null, { body: { words: '停水' }, version: 2 })).toMatchObject({ how: 'stored', draft: { version: 2 } }))
  it('takes the server’s when nothing new was written here', () => {
    const same = kept({ words: '停' }, { version: 1, base: { words: '停' } })
    expect(opening(same, { body: { words: '停水' }, version: 2 })).toMatchObject({ how: 'stored', draft: { body: { words: '停水' } } })
  })
  it('is asked about when both were written', () => {
    const mine = kept({ words: '停水了' }, { version: 1, base: { words: '停' } })
    expect(opening(mine, { body: { words: '停电' }, version: 2 }).how).toBe('clash')
  })
  it('starts anew where the server has none any more', () =>
    expect(opening(kept({ words: '停水' }, { version: 5 }), null)).toMatchObject({ how: 'kept', draft: { version: 0, base: {} } }))

  const store = () => {
    const held = new Map<string, string>()
    return {
      held,
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => void held.set(key, value),
      removeItem: (key: string) => void held.delete(key),
    }
  }
  it('is read as it was kept, for its own person only', () => {
    const place = store()
    expect(keep('1', 'new', kept({ words: '停水' }), place)).toBe(true)
    expect(readKept('1', 'new', place)?.body).toEqual({ words: '停水' })
    expect(readKept('2', 'new', place)).toBeNull()
  })
  it('is nothing when somebody wrote over it', () => {
    const place = store()
    place.setItem('hy.console.draft.1.new', '{"body":3')
    expect(readKept('1', 'new', place)).toBeNull()
    place.setItem('hy.console.draft.1.new', '{"body":3}')
    expect(readKept('1', 'new', place)).toBeNull()
  })
  it('tells when this computer cannot keep it', () => {
    const full = { ...store(), setItem: () => { throw new Error('full') } }
    expect(keep('1', 'new', kept({}), full)).toBe(false)
  })
  it('is worth keeping once something besides the start is there', () => {
    expect(isWritten(blankForm(), blankForm())).toBe(false)
    expect(isWritten({ ...blankForm(), words: '停水' }, blankForm())).toBe(true)
  })
})

const hit = (more: Partial<Hit> = {}): Hit => ({
  kind: 'article',
  id: 'a1',
  number: 'K-1',
  title: '停水怎么办',
  snippet: [],
  department_name: '水务局',
  audience: 'public',
  version_id: 'v3',
  version_number: 3,
  expires_on: null,
  expires_soon: false,
  public_text: '爆管 2 小时内抢修。',
  score: 1,
  ...more,
})

describe('knowledge in a reply', () => {
  it('goes in after what is there, once', () => {
    const reply = withAnswer('您好。\n', hit())
    expect(reply).toBe('您好。\n\n爆管 2 小时内抢修。')
    expect(withAnswer(reply, hit())).toBe(reply)
  })
  it('goes in without the marks of an article, which mean nothing in a text message', () => {
    const article = '## 先挂失\n1. **打 12333**，看[指南](https://a.example/1)\n- 带身份证\n> 免费\n\n| 证 | 钱 |\n|---|:-:|\n| 卡 | 0 |'
    expect(withAnswer('', hit({ public_text: article }))).toBe(
      '先挂失\n1. 打 12333，看指南（https://a.example/1）\n· 带身份证\n免费\n\n证，钱\n卡，0',
    )
  })
  it('is pinned with its version; a later version replaces the earlier', () => {
    const pins = withPin(withPin([], hit()), hit({ version_id: 'v4', version_number: 4 }))
    expect(pins.map((pin) => pin.version_id)).toEqual(['v4'])
    const item = hit({ kind: 'item', id: 'i1', version_id: 'w2', version_number: 2 })
    expect(withPin(pins, item).map(({ kind, source_id }) => [kind, source_id])).toEqual([
      ['article', 'a1'],
      ['item', 'i1'],
    ])
    expect(withPin([], hit({ kind: 'ticket', version_id: null }))).toEqual([])
  })
  it('is refused when it is internal, empty, or not in force', () => {
    expect(insertProblem(hit())).toBe('')
    expect(insertProblem(hit({ audience: 'internal' }))).toContain('内部')
    expect(insertProblem(hit({ public_text: ' ' }))).not.toBe('')
    expect(insertProblem(hit({ kind: 'ticket', public_text: '' }))).toContain('参考')
    expect(insertProblem(hit({ version_id: null }))).not.toBe('')
  })
  it('survives in a draft as text', () => {
    const pins = withPin([], hit())
    expect(pinsOf(pinsText(pins))).toEqual(pins)
    expect(pinsOf('')).toEqual([])
    expect(pinsOf('[{"x":1}]')).toEqual([])
    expect(pinsOf('{')).toEqual([])
  })
  it('is chosen with arrows that stop at the ends', () => {
    expect([stepIn(3, -1, 1), stepIn(3, 2, 1), stepIn(3, 0, -1), stepIn(0, -1, 1)]).toEqual([0, 2, 0, -1])
  })
})

describe('the operator’s form', () => {
  it('asks for words, and for an article before an answer at once', () => {
    const form = blankForm()
    expect(Object.keys(formProblems(form, 'dispatch'))).toEqual(['words'])
    const told = { ...form, words: '停水', reply: '已抢修' }
    expect(formProblems(told, 'dispatch')).toEqual({})
    expect(formProblems(told, 'answer').reply).toContain('知识')
    expect(formProblems({ ...told, pins: pinsText(withPin([], hit())) }, 'answer')).toEqual({})
    expect(formProblems({ ...told, phone: '王女士' }, 'dispatch').phone).toBeTruthy()
  })
  it('sends what was written and nothing empty', () => {
    const form = { ...blankForm(), words: ' 停水 ', latitude: '22.5', longitude: '114.1', confidential: 'yes' }
    expect(newTicket(form, 'c1')).toEqual({
      source: 'phone',
      kind: 'consult',
      words: '停水',
      confidential: true,
      latitude: 22.5,
      longitude: 114.1,
      call_id: 'c1',
    })
  })
  it('knows the ticket it already made, so that none is made twice', () => {
    expect(madeOf({ made: JSON.stringify({ id: 't', number: 'N', version: 1 }) })?.id).toBe('t')
    expect(madeOf({ made: '' })).toBeNull()
    expect(madeOf({ made: 'x' })).toBeNull()
  })
  it('keeps each call’s draft apart', () => {
    expect(callOfKey(draftKey('c1'))).toBe('c1')
    expect(callOfKey(draftKey(null))).toBeNull()
    expect(callOfKey(freeKey('c1', ['call-c1'], 'x'))).toBe('c1')
    expect(freeKey(null, [], 'x')).toBe('new')
    expect(freeKey(null, ['new'], 'x')).toBe('new~x')
    expect(draftTitle({ words: '' })).toBe('还没写什么事')
    expect(draftTitle({ words: '文汇路停水' })).toBe('文汇路停水')
  })
  it('shows how long the call lasts', () =>
    expect(callClock('2026-11-22T05:00:00Z', new Date('2026-11-22T05:03:25Z'))).toBe('03:25'))
})

const script = (id: string, category_code: string, ...keywords: string[]): Script => ({
  id, title: id, category_code, keywords, ask: ['哪里？'], say: '马上派人', form: '地点：\n范围：',
})
const SCRIPTS = [script('office', ''), script('water', 'water_power', '停水', '没水'), script('noise', 'noise', '吵')]

describe('the script', () => {
  it('follows the category, then the words', () => {
    expect(scriptFor('noise', '停水', SCRIPTS)?.id).toBe('noise')
    expect(scriptFor('', '家里没水了', SCRIPTS)?.id).toBe('water')
    expect(scriptFor('', '你好', SCRIPTS)).toBeNull()
    const family = (code: string) => (code === 'water_power' ? [code, 'water_supply'] : [code])
    expect(scriptFor('water_supply', '', SCRIPTS, family)?.id).toBe('water')
    expect(scriptFor('parking', '没水', SCRIPTS, family)?.id).toBe('water')
  })
  it('puts its questions in once', () => {
    const form = SCRIPTS[0]?.form ?? ''
    const words = withForm('家里停水', form)
    expect(words.startsWith('家里停水\n地点：')).toBe(true)
    expect(withForm(words, form)).toBe(words)
  })
})

describe('what is done with a ticket', () => {
  it('is offered as the server allows it', () =>
    expect(ticketActionsFor(['sign', 'returns', 'unknown']).map((one) => one.code)).toEqual(['sign', 'returns']))
  it('has one meaning for a key among what one may do at a time', () => {
    const together = [
      ['accept', 'answer', 'reject', 'edit', 'urges'],
      ['dispatch', 'merge', 'supervisions', 'edit'],
      ['sign', 'returns'],
      ['contact', 'reply', 'extensions', 'holds', 'units'],
      ['unit-approval', 'send-back'],
      ['centre-approval', 'send-back', 'supervisions'],
      ['callbacks', 'judgements', 'urges', 'links', 'events'],
    ]
    for (const can of together) {
      const keys = ticketActionsFor(can).flatMap((one) => one.key ?? [])
      expect(new Set(keys).size).toBe(keys.length)
    }
    expect(actionOfKey(['sign'], 'A')?.code).toBe('sign')
    expect(actionOfKey(['dispatch'], 'A')).toBeNull()
    expect(actionOfKey(['send-back'], 'B')?.label).toBe('驳回')
    expect(actionOfKey(['send-back'], 'B', false)?.label).toBe('取回修改')
  })
  it('stands out only where it moves the ticket on', () => {
    const [sign, link] = ticketActionsFor(['sign', 'links'])
    expect([isMain(sign!, 0, { requests: [] }), isMain(sign!, 1, { requests: [] })]).toEqual([true, false])
    expect(isMain(link!, 0, { requests: [] })).toBe(false)
    expect(isMain(sign!, 0, { requests: [{ can: ['decision'] }] as TicketDetail['requests'] })).toBe(false)
  })
  it('names an arbitration as what it decides', () => {
    expect(decisionWords('arbitration', '退单仲裁', true).yes).toBe('改派')
    expect(decisionWords('arbitration', '退单仲裁', false).yes).toBe('仍由原单位办')
    expect(decisionWords('hold', '挂账', true).title).toBe('同意挂账？')
    expect(decisionWords('hold', '挂账', false).done).toContain('没有同意挂账')
  })
  it('is shown with ? on every desk', () => {
    for (const page of [...Object.keys(DESKS), 'hotline-operator', 'ticket']) {
      expect(keysFor(page).here.length).toBeGreaterThan(3)
    }
    expect(keysFor('hotline-operator').here.map((one) => one.key)).toContain('Alt+I')
  })
  it('does not take the keys that move through a list', () => {
    for (const { key } of TICKET_ACTIONS) expect(['J', 'K', 'Enter']).not.toContain(key)
  })
  it('sends numbers as numbers and units as a list', () => {
    expect(ticketBody({ days: '5', reason: 'x' })).toEqual({ days: 5, reason: 'x' })
    expect(ticketBody({ department_id: 'd', note: '' })).toEqual({ department_ids: ['d'], note: '' })
    expect(ticketBody({ reason: 'x' })).toEqual({ reason: 'x' })
  })
  it('asks where a return goes, and why when it is refused', () => {
    expect(decisionFields('return', true).map((one) => one.name)).toEqual(['department_id', 'note'])
    expect(decisionFields('return', false)).toMatchObject([{ name: 'note', optional: false }])
    expect(decisionFields('arbitration', true)).toMatchObject([{ name: 'department_id' }, { optional: false }])
    expect(decisionFields('extension', true)).toMatchObject([{ name: 'note', optional: true }])
  })
  it('offers the departments where one is asked for', () =>
    expect(withDepartments(decisionFields('return', true), [{ id: 'd', name: '水务局' }])[0]?.options).toEqual([
      { value: 'd', label: '水务局' },
    ]))
})

describe('words', () => {
  const ticket = (more: Partial<TicketDetail>) =>
    ({ state: 'to_sign', state_text: '待签收', lead_unit_name: '水务局', clock: null, clocks: [], ...more }) as TicketDetail
  it('say who does what by when', () => {
    const clock = { kind: 'sign', kind_text: '签收', due_at: '2026-11-23T01:30:00Z', paused: false }
    expect(nextSentence(ticket({ clock }))).toBe('待签收，水务局要在11月23日（周一）9:30前签收。')
    const clocks = [{ kind: 'return', due_at: '2026-11-23T03:00:00Z', stopped_at: null }] as unknown as TicketDetail['clocks']
    expect(nextSentence(ticket({ state: 'return_review', state_text: '退单审核', clock, clocks }))).toContain('11:00前审核退单')
    const contact = { ...clock, kind: 'contact', kind_text: '联系来电人' }
    expect(nextSentence(ticket({ state: 'handling', state_text: '办理中', clock: contact }))).toContain('联系来电人')
    expect(nextSentence(ticket({ lead_unit_name: null }))).toBe('待签收，等主办单位签收。')
    expect(nextSentence(ticket({ state: 'on_hold' }))).toContain('不计时')
    expect(nextSentence(ticket({ state: 'closed', state_text: '办结' }))).toBe('办结。')
  })
  it('mask callers on purpose', () => {
    expect(callerText({ caller_masked: '王*兰', phone_masked: '138****5678', confidential: true })).toBe('王*兰 138****5678（保密）')
    expect(callerText({ caller_masked: '', phone_masked: null, confidential: false })).toBe('没有留名')
  })
  it('tell a guess from something sure', () => {
    expect(sureText(0.82)).toBe('把握 82%')
    expect(sureText(0.2)).toContain('猜')
  })
  it('count the tries to call back', () => {
    expect(attemptsText(0)).toBe('还没有打过')
    expect(attemptsText(2)).toContain('再打 1 次')
    expect(attemptsText(3)).toContain('未回访')
  })
})

describe('the hotline’s pages', () => {
  const names = (...all: Permission[]) => sectionsFor(staff(...all)).map((one) => one.name)
  it('follow the work', () => {
    expect(landing(staff('tickets.intake', 'tickets.view'))).toBe('/hotline/operator')
    expect(landing(staff('tickets.dispatch', 'tickets.view', 'tickets.approve', 'reports.view'))).toBe('/hotline/dispatch')
    expect(names('tickets.handle')).toEqual(['hotline-unit'])
    expect(names('tickets.callback', 'tickets.view')).toEqual(['hotline-quality', 'tickets', 'hotline-board'])
  })
  it('open a ticket for whoever has one in hand', () => {
    expect(mayOpenRoute(staff('tickets.handle'), 'ticket')).toBe(true)
    expect(mayOpenRoute(staff('tickets.view'), 'ticket')).toBe(true)
    expect(mayOpenRoute(staff('events.view'), 'ticket')).toBe(false)
    expect(mayOpenRoute(staff('tickets.view'), 'hotline-operator')).toBe(false)
  })
  it('show each person her own lists', () => {
    const quality = DESKS['hotline-quality']
    expect(quality && tabsFor(quality, staff('tickets.callback')).map((tab) => tab.value)).toEqual(['callback'])
  })
  it('begin with what waits for the person', () => {
    const tabs = DESKS['hotline-unit']!.tabs
    expect(firstTab(tabs, staff('tickets.handle'))).toBe('to_sign')
    expect(firstTab(tabs, staff('tickets.handle', 'tickets.review'))).toBe('unit_review')
    expect(firstTab([], null)).toBe('all')
  })
})
