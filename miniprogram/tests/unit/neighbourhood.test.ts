import { describe, expect, it } from 'vitest'
import type { ActivityCard } from '@/api/neighbourhood'
import { linkTarget } from '@/lib/nav'
import { activityTone, stateText } from '@/packages/neighbourhood/lib/activity'
import { ACTS, endOfDay } from '@/packages/neighbourhood/lib/care'

const card = (changes: Partial<ActivityCard>): ActivityCard =>
  ({ state: 'published', state_text: '报名中', free: 1, mine: null, ...changes }) as ActivityCard

describe('messages lead to the page they are about', () => {
  it.each([
    ['/activities/0199-a', '/packages/neighbourhood/activity?id=0199-a'],
    ['/neighbourhood/wishes?id=0199-b', '/packages/neighbourhood/wishes?id=0199-b'],
    ['/neighbourhood/bookings', '/packages/neighbourhood/bookings'],
    ['/neighbourhood/elsewhere', null],
    ['/neighbourhood/wishes?id=x&next=//evil', null],
  ])('%s', (link, target) => expect(linkTarget(link)).toBe(target))
})

describe('an activity in a list', () => {
  it('says the own state before the activity’s, unless it is cancelled', () => {
    const mine = { state: 'offered', state_text: '有名额了，待您确认' } as ActivityCard['mine']
    expect([stateText(card({ mine })), activityTone(card({ mine }))]).toEqual(['有名额了，待您确认', 'warn'])
    expect(stateText(card({ mine, state: 'cancelled', state_text: '已取消' }))).toBe('已取消')
    expect(activityTone(card({ free: 0 }))).toBe('plain')
  })
})

describe('asking neighbours', () => {
  it('ends at ten in the evening in China, whatever the phone’s zone', () => {
    expect(endOfDay(0, new Date('2026-11-23T15:30:00Z'))).toBe('2026-11-23T22:00:00+08:00')
    expect(endOfDay(1, new Date('2026-11-23T16:30:00Z'))).toBe('2026-11-25T22:00:00+08:00')
  })
  it('asks before what cannot be undone', () => {
    for (const act of Object.values(ACTS)) if (act.kind === 'danger') expect(act.ask).not.toBe('')
  })
})
