import type { Permission, Staff } from '@/api/types'

export interface Section {
  name: string
  title: string
  path: string
  /** Any one of these opens the section. */
  needs: Permission[]
  group: string
  hall: boolean
  /** Who holds one of these does daily work here: signing in leads to it. */
  work?: Permission[]
}

/** The left rail, in the order people use it. */
export const SECTIONS: Section[] = [
  {
    name: 'board',
    title: '今日大厅',
    path: '/board',
    group: '大厅',
    hall: true,
    needs: ['appointments.view', 'queue.operate'],
    work: ['queue.operate'],
  },
  {
    name: 'check-in',
    title: '签到取号',
    path: '/check-in',
    group: '大厅',
    hall: true,
    needs: ['queue.operate'],
  },
  { name: 'window', title: '我的窗口', path: '/window', group: '大厅', hall: true, needs: ['queue.operate'] },
  {
    name: 'schedules',
    title: '排班与号源',
    path: '/schedules',
    group: '大厅',
    hall: true,
    needs: ['schedules.edit'],
  },
  {
    name: 'items',
    title: '事项',
    path: '/items',
    group: '管理',
    hall: false,
    needs: ['items.edit', 'items.publish', 'items.view'],
    work: ['items.edit', 'items.publish'],
  },
  {
    name: 'accounts',
    title: '人员与角色',
    path: '/accounts',
    group: '管理',
    hall: false,
    needs: ['accounts.edit', 'staff.view'],
    work: ['accounts.edit'],
  },
  {
    name: 'messages',
    title: '消息记录',
    path: '/messages',
    group: '监督',
    hall: false,
    needs: ['messages.view'],
  },
  {
    name: 'reveals',
    title: '查看个人信息记录',
    path: '/reveals',
    group: '监督',
    hall: false,
    needs: ['audit.view'],
  },
]

export function may(staff: Staff | null, ...anyOf: Permission[]): boolean {
  return Boolean(staff && anyOf.some((permission) => staff.permissions.includes(permission)))
}

export function sectionsFor(staff: Staff | null): Section[] {
  return SECTIONS.filter(
    (section) => may(staff, ...section.needs) && (!section.hall || Boolean(staff && staff.halls.length)),
  )
}

/** An account that still lacks its second factor or its own password can do nothing else. */
export function needsSetUp(staff: Staff | null): boolean {
  return Boolean(staff && (staff.state === 'enrolling' || staff.must_change_password))
}

/** Where a person lands after signing in: their work, their first section, or their own page. */
export function landing(staff: Staff | null): string {
  if (needsSetUp(staff)) return '/set-up'
  const sections = sectionsFor(staff)
  const work = sections.find((section) => section.work && may(staff, ...section.work))
  return (work ?? sections[0])?.path ?? '/me'
}

export function mayOpen(staff: Staff | null, name: string): boolean {
  const section = SECTIONS.find((one) => one.name === name)
  if (!section) return true
  return may(staff, ...section.needs) && (!section.hall || Boolean(staff?.halls.length))
}

/** As above for a route's name; editing one item belongs to the list of items. */
export function mayOpenRoute(staff: Staff | null, name: unknown): boolean {
  return typeof name !== 'string' || mayOpen(staff, name === 'item' ? 'items' : name)
}
