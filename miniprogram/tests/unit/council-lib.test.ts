import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { OpinionMap, ResultRecord, Vote } from '@/api/council'
import { howTo, inWords, missing, money, raised, spent, tapped } from '@/packages/council/lib/choice'
import { castBallot } from '@/packages/council/lib/casting'
import { dayAfter } from '@/packages/council/lib/days'
import { draw, saidText, spoken } from '@/packages/council/lib/opinion'
import { roundsOf } from '@/packages/council/lib/rounds'
import { slips } from '@/packages/council/lib/slips'
import { byWhen, topicTone } from '@/packages/council/lib/topic'
import { area, asked, optionsOf, share, takingPart, turnoutText } from '@/packages/council/lib/weights'
import { linkTarget } from '@/lib/nav'
import { enter } from '@/stores/session'
import { platform } from '#platform'
import { server, storage } from './setup'

const option = (code: string, text: string, cost_cents: number | null = null) => ({ code, text, cost_cents })
const asking = (method: Vote['method'], least = 1, most = 1) => ({
  method, least, most, budget_cents: method === 'budget' ? 3_000_000 : null,
  options: [option('a', '种树', 1_200_050), option('b', '修路灯', 800_000), option('c', '添座椅', 500_000)],
})

describe('choosing', () => {
  it('changes its mind with one tap when one may be chosen', () => {
    expect(tapped(asking('single'), ['a'], 'b')).toEqual({ chosen: ['b'], full: false })
    expect(tapped(asking('single'), ['a'], 'a')).toEqual({ chosen: [], full: false })
  })
  it('takes no more than may be chosen, and says so', () => {
    expect(tapped(asking('multiple', 1, 2), ['a', 'b'], 'c')).toEqual({ chosen: ['a', 'b'], full: true })
    expect(tapped(asking('multiple', 1, 2), ['a', 'b'], 'a')).toEqual({ chosen: ['b'], full: false })
  })
  it('keeps the order of a ranking and moves up', () => {
    expect(tapped(asking('ranked', 1, 3), ['c'], 'a').chosen).toEqual(['c', 'a'])
    expect(raised(['c', 'a'], 'a')).toEqual(['a', 'c'])
    expect(raised(['c', 'a'], 'c')).toEqual(['c', 'a'])
  })
  it('says what is missing, how to choose, and what was chosen', () => {
    expect(missing(asking('single'), [])).toBe('请选一项')
    expect(missing(asking('multiple', 2, 2), ['a'])).toBe('请选 2 项')
    expect(missing(asking('multiple', 2, 3), ['a'])).toBe('请至少选 2 项')
    expect(missing(asking('multiple', 1, 1), ['a', 'b'])).toBe('最多选 1 项')
    expect(missing(asking('multiple', 1, 2), ['a'])).toBe('')
    expect(howTo(asking('budget', 1, 3))).toContain('总预算 30,000 元')
    expect(howTo(asking('ranked', 3, 3))).toContain('排 3 项')
    expect(inWords(asking('ranked', 1, 3), ['c', 'a'])).toEqual(['第 1：添座椅', '第 2：种树'])
    expect(inWords(asking('multiple', 1, 3), ['c', 'a'])).toEqual(['种树', '添座椅'])
    expect(spent(asking('budget', 1, 3), ['a', 'b'])).toBe(2_000_050)
    expect(money(1_200_050)).toBe('12,000.50 元')
    expect(money(100)).toBe('1 元')
  })
})

describe('what the phone keeps of a ballot', () => {
  const seat = ['v1', 'e1'] as const
  const bodies = () => server.sent.filter(({ url }) => url.endsWith('/ballots')).map(({ data }) => data as { choice: string[]; nonce: string })
  const answered = (receipt: string, repeated = false) => ({ status: repeated ? 200 : 201, body: { entry_id: 'e1', receipt, repeated, seq: 1 } })
  beforeEach(() => enter({ person: { id: 'p', elder_mode: false } as never, csrf_token: 'c', token: null }))

  it('makes a number nobody can guess, keeps it here with the choice, and sends no key along', async () => {
    server.replies = [answered('AAAA-BBBB-CCCC')]
    const done = await castBallot(...seat, ['agree'])
    expect(done).toMatchObject({ receipt: 'AAAA-BBBB-CCCC', earlier: false })
    expect(bodies()[0].nonce).toMatch(/^[0-9a-f]{32}$/)
    expect(slips.get(...seat)).toMatchObject({ choice: ['agree'], nonce: bodies()[0].nonce, receipt: 'AAAA-BBBB-CCCC' })
    expect(server.sent.at(-1)?.header['Idempotency-Key']).toBeUndefined()
    slips.drop(...seat)
    expect(slips.get(...seat)).toBeNull()
  })
  it('sends a ballot that was never answered again as it was', async () => {
    server.replies = ['lost']
    await expect(castBallot(...seat, ['agree'])).rejects.toMatchObject({ status: 0 })
    expect(slips.unanswered(...seat)?.choice).toEqual(['agree'])
    expect(slips.get(...seat)).toBeNull()
    server.replies = [answered('R1', true)]
    const done = await castBallot(...seat, ['oppose'])
    expect(bodies()[1]).toEqual(bodies()[0])
    expect(done).toMatchObject({ earlier: false, slip: { choice: ['agree'], receipt: 'R1' } })
    expect(slips.unanswered(...seat)).toBeNull()
  })
  it('keeps no slip for a ballot that was cast elsewhere', async () => {
    server.replies = [answered('OTHER', true)]
    expect(await castBallot(...seat, ['agree'])).toEqual({ receipt: 'OTHER', slip: null, earlier: true })
    expect(slips.get(...seat)).toBeNull()
  })
  it('takes a new number for a changed ballot, and forgets one that was refused', async () => {
    server.replies = [answered('R1'), { status: 409, body: { title: '表决已经结束', code: 'vote_closed' } }, answered('R2')]
    await castBallot(...seat, ['agree'])
    await expect(castBallot(...seat, ['oppose'])).rejects.toMatchObject({ code: 'vote_closed' })
    expect(slips.get(...seat)?.receipt).toBe('R1')
    await castBallot(...seat, ['oppose'])
    expect(new Set(bodies().map(({ nonce }) => nonce)).size).toBe(3)
    expect(slips.get(...seat)).toMatchObject({ choice: ['oppose'], receipt: 'R2' })
  })
  it('shows nothing of it to the next person on this phone', async () => {
    server.replies = [answered('R1')]
    await castBallot(...seat, ['agree'])
    enter({ person: { id: 'q', elder_mode: false } as never, csrf_token: 'c', token: null })
    expect(slips.get(...seat)).toBeNull()
    expect(Object.keys(storage)).toContain('slip:p:v1:e1')
  })
  it('casts nothing when the phone cannot make a secret number', async () => {
    const secret = vi.spyOn(platform, 'secret').mockRejectedValueOnce(new Error('none'))
    await expect(castBallot(...seat, ['agree'])).rejects.toThrow()
    expect(bodies()).toEqual([])
    secret.mockRestore()
  })
})

describe('results', () => {
  const judged = (part: number, of: number, needs: [string, string], met: boolean) => ({ part, of, needs, met })
  const record: ResultRecord = {
    method: 'single', entitled: { heads: 90, area: 900_000 }, taking_part: { heads: 60, area: 599_999 },
    options: { a: { heads: 40, area: 300_000 }, b: { heads: 20, area: 299_999 } },
    quorum: { heads: judged(60, 90, ['>=', '2/3'], true), area: judged(599_999, 900_000, ['>=', '2/3'], false) },
    passing: { a: { heads: judged(40, 60, ['>', '1/2'], true), area: judged(300_000, 599_999, ['>', '1/2'], true) } },
    winners: ['a'],
  }
  const question = { options: [option('a', '同意'), option('b', '不同意')] }

  it('never rounds a missed line up', () => {
    expect(share(599_999, 900_000)).toBe('66.6%')
    expect(share(1, 1)).toBe('100%')
    expect(share(0, 0)).toBe('0%')
    expect(area(123_450)).toBe('1,234.50 平方米')
  })
  it('puts heads and area side by side with what was asked for', () => {
    expect(takingPart(record).map(({ text, share: part, asked: line, met }) => [text, part, line, met])).toEqual([
      ['人数', '66.6%', '要达到三分之二', true],
      ['面积', '66.6%', '要达到三分之二', false],
    ])
    const [first, second] = optionsOf(question, record)
    expect(first).toMatchObject({ won: true, text: '同意' })
    expect(first.measures[0]).toMatchObject({ part: '40 人', asked: '要超过一半', met: true, line: '50%' })
    expect(second).toMatchObject({ won: false })
    expect(second.measures[1]).toMatchObject({ part: '2,999.99 平方米', asked: '', met: null })
    expect(asked(['>=', '3/4'])).toBe('要达到四分之三')
  })
  it('tells nothing where too few took part', () => {
    const few: ResultRecord = { method: 'single', entitled: { heads: 30 }, taking_part: null, below: 10 }
    expect(takingPart(few)).toEqual([])
    expect(optionsOf(question, few)).toEqual([])
  })
  it('marks a wish only where heads and area agree', () => {
    const wish: ResultRecord = { ...record, passing: undefined, winners: { heads: ['a'], area: ['b'] } }
    expect(optionsOf(question, wish).map(({ won }) => won)).toEqual([false, false])
    const projects: ResultRecord = { ...record, passing: undefined, winners: undefined, projects: { heads: { chosen: ['b'], tied: [], spent_cents: 1 } } }
    expect(optionsOf(question, projects).map(({ won }) => won)).toEqual([false, true])
  })
  it('tells a ranked count round by round', () => {
    const ranked: ResultRecord = { ...record, ranked: { heads: { winners: ['a'], rounds: [{ counts: { a: 5, b: 3 }, spent: 0, out: ['b'] }] } } }
    expect(roundsOf(question, ranked)).toEqual([['同意：5 人', '不同意：3 人', '去掉：不同意', '选出：同意']])
    expect(roundsOf(question, record)).toEqual([])
  })
  it('says how many have taken part', () => {
    expect(turnoutText({ heads: 3, heads_of: 9, area_centi: null, area_centi_of: null })).toBe('3 人参加，共 9 人')
    expect(turnoutText({ heads: 3, heads_of: 9, area_centi: 10, area_centi_of: 40 })).toContain('面积占 25%')
  })
})

describe('the opinion map', () => {
  const map: Pick<OpinionMap, 'points' | 'groups' | 'you'> = {
    points: [{ x: -2, y: 0, group: 'A' }, { x: 2, y: 1, group: 'B' }],
    groups: [
      { name: 'A', size: 4, centre: [-2, 0], hull: [[-2, 0], [-1, 1], [-1, -1]], typical: [] },
      { name: 'B', size: 3, centre: [2, 1], hull: [[2, 1]], typical: [] },
    ],
    you: { x: 2, y: 1, group: 'B' },
  }
  it('keeps everything inside, with one scale both ways', () => {
    const drawn = draw(map)
    const svg = decodeURIComponent(drawn.image)
    expect(svg.match(/<path d='M[^']*Z'/g)).toHaveLength(1)
    expect(drawn.labels.map(({ name, left }) => [name, left])).toEqual([['A', 9], ['B', 91]])
    expect(drawn.you).toEqual({ left: 91, top: 29.5 })
    expect(draw({ points: [{ x: 1, y: 1, group: 'A' }], groups: [], you: null }).image).toContain('svg')
  })
  it('tells groups apart by shape as well as by colour, and in words', () => {
    const svg = decodeURIComponent(draw(map).image)
    expect(svg).toContain('<circle')
    expect(svg).toMatch(/h3v3h-3z/)
    expect(spoken(map)).toBe('看法地图：A 组 4 人，B 组 3 人，您在 B 组')
    expect(saidText({ agree: 19, disagree: 3, pass: 1 }, 'agree')).toBe('23 人里 19 人同意')
  })
})

it('says by when, and where a topic stands', () => {
  const now = new Date('2026-11-22T09:00:00+08:00')
  expect(byWhen('2026-11-23T17:00:00+08:00', now)).toBe('最晚明天 17:00，还有 1 天 8 小时')
  expect(byWhen('2026-11-21T17:00:00+08:00', now)).toContain('已经到时间')
  expect(byWhen(null, now)).toBe('')
  expect(topicTone({ state: 'voting', open: true, passed: null })).toBe('warn')
  expect(topicTone({ state: 'failed', open: false, passed: false })).toBe('plain')
  expect(dayAfter(new Date('2026-11-22T23:30:00+08:00'), 30)).toBe('2026-12-22')
})

it('finds the pages of topics, votes, homes and proxies from a message', () => {
  expect(linkTarget('/topics/t1')).toBe('/packages/council/topic?id=t1')
  expect(linkTarget('/votes/v1')).toBe('/packages/council/vote?id=v1')
  expect(linkTarget('/homes')).toBe('/packages/council/homes')
  expect(linkTarget('/homes/h1')).toBe('/packages/council/homes')
  expect(linkTarget('/proxies')).toBe('/packages/council/proxies')
})
