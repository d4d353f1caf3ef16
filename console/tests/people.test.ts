import { describe, expect, it } from 'vitest'
import type { Permission, Staff } from '@/api/types'
import { landing, may, mayOpen, mayOpenRoute, needsSetUp, sectionsFor } from '@/lib/permissions'

const CLERK: Permission[] = ['queue.operate', 'appointments.view', 'personal.reveal']

function staff(permissions: Permission[], more: Partial<Staff> = {}): Staff {
  return {
    id: '1',
    username: 'a',
    name: '甲',
    state: 'active',
    must_change_password: false,
    roles: [],
    permissions,
    halls: [{ id: 'h', name: '越和街政务服务中心' }],
    ...more,
  }
}
const names = (who: Staff | null) => sectionsFor(who).map((section) => section.name)

describe('the left rail', () => {
  it('shows a clerk the hall', () => expect(names(staff(CLERK))).toEqual(['board', 'check-in', 'window', 'lobby', 'bookings']))
  it('shows a hall manager the schedules and the people as well', () =>
    expect(names(staff([...CLERK, 'schedules.edit', 'windows.edit', 'staff.view']))).toEqual([
      'board',
      'check-in',
      'window',
      'schedules',
      'lobby',
      'hall-figures',
      'bookings',
      'accounts',
    ]))
  it('shows an editor the items only', () =>
    expect(names(staff(['items.edit', 'items.publish'], { halls: [] }))).toEqual(['items']))
  it('shows a supervisor what is to be watched', () =>
    expect(names(staff(['audit.view', 'messages.view', 'appointments.view', 'items.view']))).toEqual([
      'board',
      'lobby',
      'bookings',
      'items',
      'messages',
      'reveals',
    ]))
  it('shows no hall page to somebody without a hall', () =>
    expect(names(staff(CLERK, { halls: [] }))).toEqual([]))
  it('shows nobody nothing', () => expect(names(null)).toEqual([]))
})

describe('where one lands', () => {
  it('is the first section', () => expect(landing(staff(['messages.view']))).toBe('/messages'))
  it('is where the work is', () => {
    expect(landing(staff(['accounts.edit', 'messages.view', 'audit.view', 'items.view']))).toBe('/accounts')
    expect(landing(staff(CLERK, { halls: [{ id: 'h', name: '甲' }] }))).toBe('/board')
  })
  it('is the own account without any', () => expect(landing(staff([]))).toBe('/me'))
  it('is the setting up before the account is complete', () => {
    expect(landing(staff([], { state: 'enrolling' }))).toBe('/set-up')
    expect(needsSetUp(staff([], { must_change_password: true }))).toBe(true)
    expect(needsSetUp(staff(CLERK))).toBe(false)
  })
})

it('opens pages by permission', () => {
  expect(mayOpen(staff(CLERK, { halls: [] }), 'board')).toBe(false)
  expect(mayOpen(staff(CLERK), 'accounts')).toBe(false)
  expect(mayOpen(staff(['staff.view']), 'accounts')).toBe(true)
  expect(mayOpen(staff([]), 'me')).toBe(true)
  expect(may(null, 'items.view')).toBe(false)
})

describe('who dispatches', () => {
  it('lands a dispatcher on the desk, a department handler at the tasks', () => {
    expect(landing(staff(['events.view', 'events.dispatch', 'reports.view'], { halls: [] }))).toBe('/dispatch')
    expect(landing(staff(['events.handle', 'whistles.answer'], { halls: [] }))).toBe('/tasks')
  })
  it('shows a street leader the street, but no settings of the district', () =>
    expect(
      names(staff(['events.handle', 'events.view', 'events.whistle', 'rosters.edit', 'reports.view'], { halls: [] })),
    ).toEqual(['dispatch', 'tasks', 'hot', 'reports', 'rosters', 'grid']))
  it('shows the reports of the hotline only to those who work with it', () => {
    const head = staff(['tickets.handle', 'reports.view', 'knowledge.read'], { halls: [] })
    expect(names(head)).toContain('hotline-reports')
    expect(mayOpenRoute(head, 'article-editor')).toBe(true)
    expect(mayOpenRoute(staff(['reports.view']), 'hotline-reports')).toBe(false)
    expect(mayOpenRoute(staff(['reports.view']), 'knowledge-search')).toBe(false)
  })
  it('opens an event for whoever handles it, and the heat map with the reports', () => {
    expect(mayOpenRoute(staff(['events.handle']), 'event')).toBe(true)
    expect(mayOpenRoute(staff(['items.view']), 'event')).toBe(false)
    expect(mayOpenRoute(staff(['reports.view']), 'heat')).toBe(true)
    expect(mayOpenRoute(staff(['events.view']), 'event-settings')).toBe(false)
  })
})
