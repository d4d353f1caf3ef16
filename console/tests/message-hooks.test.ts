import { describe, expect, it } from 'vitest'
import type { Hook } from '@/api/messageHooks'
import { emptyForm, formOf, hookProblems, underWay } from '@/lib/messageHooks'

const hook = {
  id: '1',
  name: '越和街工作群',
  dialect: 'wecom',
  unit_id: null,
  kinds: ['room_event_call'],
  active: true,
  last: null,
} as unknown as Hook

describe('staff groups', () => {
  it('names what is missing, at its field', () => {
    expect(Object.keys(hookProblems(emptyForm(), false)).sort()).toEqual(['address', 'kinds', 'name'])
    expect(hookProblems({ ...emptyForm(), dialect: 'webhook', secret: 'short' }, false).secret).toContain('16')
  })
  it('keeps address and secret of one that is there', () => {
    expect(hookProblems(formOf(hook), true)).toEqual({})
    expect(hookProblems({ ...formOf(hook), dialect: 'webhook' }, true)).toEqual({})
    expect(hookProblems({ ...formOf(hook), dialect: 'webhook', secret: 'short' }, true)).toHaveProperty('secret')
  })
  it('looks again only while a message is under way', () => {
    expect(underWay(hook)).toBe(false)
    expect(underWay({ ...hook, last: { state: 'created' } } as Hook)).toBe(true)
    expect(underWay({ ...hook, last: { state: 'accepted' } } as Hook)).toBe(false)
  })
})
