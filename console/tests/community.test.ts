import { describe, expect, it } from 'vitest'
import { buildingTag, type Claim, type Proxy, type Transfer } from '@/api/communities'
import type { ContentCheck, ModerationCase, OpinionMap, TopicDraft } from '@/api/topics'
import type { Staff } from '@/api/types'
import { mergeThree } from '@/lib/merging'
import { drawMap, mapFinding, saidText, sharesOf, spokenMap } from '@/lib/opinion'
import { decisionsFor, inOrder, ofCase, ofCheck } from '@/lib/moderation'
import { ofClaim, ofProxy, ofTransfer, waits } from '@/lib/papers'
import { landing, mayOpenRoute, sectionsFor } from '@/lib/permissions'
import {
  DRAFT_FIELDS,
  TOPIC_ACTIONS,
  actionBody,
  actionsFor,
  centsOf,
  draftBody,
  draftForm,
  draftProblems,
  fromCents,
  isPlain,
  optionLinesOf,
  optionsOf,
  placeText,
  scopesOf,
  topicTabs,
} from '@/lib/topics'
import { areaText, checks, choiceProblem, needText, optionLines, percent, type Tally } from '@/lib/voteResult'

const staff = (permissions: Staff['permissions']) =>
  ({ permissions, halls: [], roles: [], state: 'active', must_change_password: false }) as unknown as Staff
const names = (permissions: Staff['permissions']) => sectionsFor(staff(permissions)).map((one) => one.name)

describe('the community in the rail', () => {
  it('gives a community worker topics first, then moderation and the register', () => {
    const worker: Staff['permissions'] = ['community.view', 'community.confirm', 'topics.view', 'topics.manage', 'topics.moderate']
    expect(names(worker)).toEqual(['topics', 'moderation', 'communities'])
    expect(landing(staff(worker))).toBe('/topics')
  })
  it('gives an auditor the topics and nothing else', () => {
    expect(names(['topics.view', 'votes.audit'])).toEqual(['topics'])
    expect(mayOpenRoute(staff(['topics.view']), 'topic')).toBe(true)
    expect(mayOpenRoute(staff(['topics.view']), 'communities')).toBe(false)
  })
})

describe('papers for the register', () => {
  const claim = {
    id: 'c', community_name: '桂香苑', label: '1-2-301', relation: 'owner', relation_text: '产权人', state: 'claimed',
    state_text: '等待社区确认', words: '', reason: '', claimed_at: '2026-11-22T01:00:00Z', register_match: 'none',
    version: 1, files: [], waiting_text: '等了 1 天', person_name: '王*兰', person_phone: '138****5678', person_number: '',
  } as unknown as Claim
  it('warn where somebody claims to own what the register does not know', () => {
    expect(ofClaim(claim).warning).toContain('名册里没有这个人')
    expect(ofClaim({ ...claim, register_match: 'owner' }).warning).toBe('')
    expect(ofClaim({ ...claim, relation: 'tenant' }).warning).toBe('')
  })
  it('say from whom to whom a room goes, and who is represented by whom', () => {
    const common = { ...claim, requested_at: claim.claimed_at, given_at: claim.claimed_at }
    const transfer = ofTransfer({ ...common, from_owners: [], to_owners: ['李*', '张*'], by_staff: true } as unknown as Transfer)
    expect(transfer.lines.map((one) => one.text)).toEqual(['名册里没有登记', '李*、张*', '社区按纸质材料登记'])
    const proxy = ofProxy({ ...common, as_text: '1-2-301 的产权人', holder_name: '陈*', holder_phone: '139****0000', scope_text: '全部议题', until: '2026-12-31', paper: true } as unknown as Proxy)
    expect(proxy.title).toBe('1-2-301 的产权人 → 陈*')
    expect(proxy.lines.map((one) => one.label)).toContain('到哪天')
  })
  it('open on what waits', () => expect([waits('claims'), waits('transfers'), waits('proxies')]).toEqual(['claimed', 'requested', 'given']))
  it('name a building by the tag the server makes', () =>
    expect(buildingTag({ id: '00000000-0000-0000-0000-1234567890ab', version: 3 })).toBe('"1234567890ab-3"'))
})

describe('amounts without floats', () => {
  it('read and written back are the same', () => {
    for (const text of ['0', '89.35', '50000', '1200.5']) expect(centsOf(fromCents(centsOf(text)!))).toBe(centsOf(text))
    expect([centsOf('89.35'), centsOf('1,200.5'), centsOf('12'), centsOf('1.234'), centsOf('约100'), centsOf('')]).toEqual([8935, 120050, 1200, null, null, null])
  })
  it('never round a share up to a threshold', () => {
    expect(percent(66_666, 100_000)).toBe('66.66%')
    expect(percent(2, 3)).toBe('66.66%')
    expect(percent(1, 0)).toBe('—')
    expect(areaText(1_234_567)).toBe('12,345.67 ㎡')
  })
})

describe('what can be done with a topic', () => {
  it('comes from the server and in the order of the work', () => {
    expect(actionsFor(['decline', 'accept', 'answer']).map((one) => one.code)).toEqual(['accept', 'decline'])
    expect(actionsFor([])).toEqual([])
  })
  it('sends days as a number, and none when none was written', () => {
    const notice = TOPIC_ACTIONS.find((one) => one.code === 'notice')!
    expect(actionBody(notice, { days: '7' })).toEqual({ days: 7 })
    expect(actionBody(notice, {})).toEqual({})
    const discuss = TOPIC_ACTIONS.find((one) => one.code === 'discuss')!
    expect(actionBody(discuss, { days: '' })).toEqual({ action: 'discuss' })
  })
  it('shows only tabs with something in them', () => {
    const empty = { can: [], stages: [], drafts: [], votes: [], objections: [], progress: [] }
    expect(topicTabs(empty).map((one) => one.value)).toEqual(['about', 'talk'])
    expect(topicTabs({ ...empty, stages: [{ state: 'discussing', status: 'done' }] }).map((one) => one.value)).toContain('opinions')
    expect(topicTabs({ ...empty, can: ['save_draft', 'open_vote', 'progress'], objections: [1] }).map((one) => one.value)).toEqual([
      'about', 'talk', 'draft', 'vote', 'objections', 'progress',
    ])
  })
  it('names the place once', () => {
    expect(placeText({ community: { name: '桂香苑' }, scope_text: '桂香苑' })).toBe('桂香苑')
    expect(placeText({ community: { name: '桂香苑' }, scope_text: '1栋' })).toBe('桂香苑 · 1栋')
  })
  it('lets a lift be an entrance’s only', () => expect(scopesOf('lift').map((one) => one.value)).toEqual(['entrance']))
})

describe('a draft', () => {
  const draft = {
    number: 2, text: '装快递柜', question: '同意吗', ballot: 'single', least: 1, most: 1, budget_cents: null, secret: false,
    note: '', at: '', by: '方敏', options: [{ code: 'agree', text: '同意', detail: '', cost_cents: null }],
  } as TopicDraft
  it('leaves a plain question’s answers to the rule', () => {
    expect(isPlain(draft)).toBe(true)
    expect(draftForm(draft).options).toBe('')
    expect(draftBody(draftForm(draft), '').options).toEqual([])
  })
  it('writes options as lines and reads them back', () => {
    const options = [
      { code: 'o1', text: '健身角', detail: '东门', cost_cents: 2_000_050 },
      { code: 'o2', text: '充电棚', detail: '', cost_cents: null },
    ]
    expect(optionLinesOf(options)).toBe('健身角 | 东门 | 20000.50\n充电棚')
    expect(optionsOf(optionLinesOf(options))).toEqual(options)
    expect(optionsOf('\n甲｜说明\n\n')).toEqual([{ code: 'o1', text: '甲', detail: '说明', cost_cents: null }])
  })
  it('says what is missing before it is sent', () => {
    expect(Object.keys(draftProblems(draftForm(null)))).toEqual(['text', 'question'])
    const budget = { ...draftForm(draft), ballot: 'budget', options: '甲 | 说明\n乙 | 说明 | 10' }
    expect(Object.keys(draftProblems(budget))).toEqual(['options', 'budget'])
    expect(draftProblems({ ...budget, options: '甲 | | 10\n乙 | | 20', budget: '25' })).toEqual({})
  })
  it('of two people goes together where only one of them changed a field', () => {
    const base = draftForm(draft)
    const found = mergeThree(base, { ...base, question: '我的问题' }, { ...base, text: '别人的正文' }, DRAFT_FIELDS)
    expect(found.clashes).toEqual([])
    expect([found.body.question, found.body.text]).toEqual(['我的问题', '别人的正文'])
    const clash = mergeThree(base, { ...base, text: '甲' }, { ...base, text: '乙' }, DRAFT_FIELDS)
    expect(clash.clashes.map((one) => one.label)).toEqual(['方案正文'])
  })
})

describe('a result', () => {
  const options = [
    { code: 'agree', text: '同意', cost_cents: null },
    { code: 'oppose', text: '不同意', cost_cents: null },
  ]
  const tally: Tally = {
    method: 'single',
    entitled: { heads: 90, area: 900_000 },
    taking_part: { heads: 60, area: 599_999 },
    options: { agree: { heads: 40, area: 400_000 }, oppose: { heads: 20, area: 199_999 } },
    quorum: {
      heads: { part: 60, of: 90, needs: ['>=', '2/3'], met: true },
      area: { part: 599_999, of: 900_000, needs: ['>=', '2/3'], met: false },
    },
    passing: { agree: { heads: { part: 40, of: 60, needs: ['>', '1/2'], met: true } } },
    winners: [],
    outcome: 'no_quorum',
  }
  it('puts heads and area side by side', () => {
    expect(optionLines(tally, options)[0]!.amounts.map((one) => [one.text, one.share])).toEqual([
      ['40 人', '66.66%'],
      ['4,000.00 ㎡', '66.66%'],
    ])
  })
  it('fails a test as soon as one of both does, and says which', () => {
    const [quorum, passing] = checks(tally, options)
    expect([quorum!.met, quorum!.cells.map((one) => one.met)]).toEqual([false, [true, false]])
    expect(passing!.title).toContain('同意')
  })
  it('tells more than half from half and more', () =>
    expect([needText(['>', '1/2']), needText(['>=', '1/2']), needText(['>=', '2/3']), needText(['>=', '4/5'])]).toEqual([
      '过半数', '半数以上（含）', '三分之二以上（含）', '4/5以上（含）',
    ]))
  it('takes the marks of a sheet as the ballot allows them', () => {
    const question = { method: 'multiple', least: 1, most: 1, budget_cents: null, options }
    expect(choiceProblem(question, [])).not.toBe('')
    expect(choiceProblem(question, ['agree', 'oppose'])).toContain('最多')
    expect(choiceProblem({ ...question, method: 'single' }, ['agree'])).toBe('')
    expect(choiceProblem({ ...question, method: 'ranked' }, ['oppose', 'agree'])).toBe('')
  })
})

describe('the moderators’ queue', () => {
  const report = {
    id: 'r', kind: 'report', post_kind: 'comment', text: '电话 138', pictures: [], author: '王*', reason: '', appeal: '',
    reports: [{ why: 'privacy', why_text: '泄露隐私', words: '', at: '' }], since: '2026-11-22T03:00:00Z', can: ['keep', 'hide'],
    topic: { id: 't', number: 'YT1', title: '快递柜' },
  } as unknown as ModerationCase
  const check = {
    id: 'k', subject_kind: 'topic', texts: ['标题'], pictures: [], author: '李*', why: '微信检查拿不准', appeal: '',
    since: '2026-11-22T04:00:00Z', due_at: '2026-11-22T02:00:00Z', can: ['pass', 'refuse'], version: 1,
  } as unknown as ContentCheck
  it('is one list, the most urgent first', () => {
    const list = inOrder([ofCase(report), ofCheck(check)])
    expect(list.map((one) => one.kindText)).toEqual(['议题待复核', '发言被举报'])
    expect(list[1]!.why).toEqual(['泄露隐私'])
  })
  it('offers what the server allows, and asks for a reason where the author reads one', () => {
    expect(decisionsFor(['hide', 'keep']).map((one) => [one.code, one.reason])).toEqual([['keep', false], ['hide', true]])
    expect(decisionsFor([])).toEqual([])
  })
})

describe('the map of opinions', () => {
  const counts = { agree: 4, disagree: 1, pass: 0 }
  const map = {
    participants: 5,
    points: [{ x: 0, y: 0, group: 'A' }, { x: 10, y: 0, group: 'B' }],
    groups: [
      { name: 'A', size: 3, centre: [0, 0], hull: [[0, 0], [1, 0], [0, 1]], typical: [] },
      { name: 'B', size: 2, centre: [10, 0], hull: [[10, 0]], typical: [] },
    ],
    shared: [{ statement: 's', text: '装灯', answer: 'agree', counts }],
    apart: [],
  } as unknown as OpinionMap
  it('keeps everything inside, and likeness as nearness', () => {
    const drawn = drawMap(map)
    const [a, b] = drawn.labels
    expect(drawn.hulls.map((one) => one.name)).toEqual(['A'])
    expect(b!.left - a!.left).toBeGreaterThan(70)
    expect(drawn.labels.every((one) => one.left >= 0 && one.left <= 100 && one.top >= 0 && one.top <= 100)).toBe(true)
    expect(new Set(drawn.points.map((one) => one.colour)).size).toBe(2)
  })
  it('says in words what it shows', () => {
    expect(spokenMap(map)).toBe('看法地图：A 组 3 人，B 组 2 人')
    expect(mapFinding(map)).toBe('5 人表了态，看法分成 2 组；1 句话大家想到一起，没有明显的分歧。')
    expect(saidText(counts, 'agree')).toBe('5 人里 4 人同意')
    expect(sharesOf(counts)).toEqual({ agree: 80, disagree: 20, pass: 0 })
    expect(sharesOf({ agree: 0, disagree: 0, pass: 0 }).agree).toBe(0)
  })
})
