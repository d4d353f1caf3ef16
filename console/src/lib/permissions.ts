import type { Permission, Staff } from '@/api/types'
import { BOOKING_PAGES } from './bookings'
import { LOBBY_PAGES } from './lobbyPages'
import { MESSAGE_PAGES, messageTabOf } from './messages'
import { SCHEDULE_PAGES } from './schedulePages'

interface Need {
  /** Any one of these opens it. */
  needs: Permission[]
  /** Only for who works in a hall. */
  hall: boolean
}

export interface Section extends Need {
  name: string
  title: string
  path: string
  /** Besides, any one of these. */
  also?: Permission[]
  group: string
  /** It opens for whoever may open one of these, and leads to the first. */
  pages?: (Need & { name: string; path: string })[]
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
    hall: false,
    needs: [],
    pages: SCHEDULE_PAGES,
  },
  {
    name: 'lobby',
    title: '排队管理',
    path: '/lobby',
    group: '大厅',
    hall: false,
    needs: [],
    pages: LOBBY_PAGES,
  },
  {
    name: 'hall-figures',
    title: '大厅数据',
    path: '/hall-figures',
    group: '大厅',
    hall: true,
    needs: ['schedules.edit'],
  },
  {
    name: 'bookings',
    title: '预约管理',
    path: '/bookings',
    group: '大厅',
    hall: false,
    needs: [],
    pages: BOOKING_PAGES,
  },
  {
    name: 'dispatch',
    title: '调度台',
    path: '/dispatch',
    group: '有呼同应',
    hall: false,
    needs: ['events.view'],
    work: ['events.dispatch', 'events.whistle'],
  },
  {
    name: 'tasks',
    title: '我的任务',
    path: '/tasks',
    group: '有呼同应',
    hall: false,
    needs: ['events.handle', 'whistles.answer'],
    work: ['whistles.answer', 'events.handle'],
  },
  {
    name: 'intakes',
    title: '转来的消息',
    path: '/intakes',
    group: '有呼同应',
    hall: false,
    needs: ['events.dispatch'],
  },
  {
    name: 'hot',
    title: '热点问题',
    path: '/hot',
    group: '有呼同应',
    hall: false,
    needs: ['reports.view'],
  },
  {
    name: 'reports',
    title: '日报与热力图',
    path: '/reports',
    group: '有呼同应',
    hall: false,
    needs: ['reports.view'],
  },
  {
    name: 'hotline-operator',
    title: '接线台',
    path: '/hotline/operator',
    group: '12345 热线',
    hall: false,
    needs: ['tickets.intake'],
    work: ['tickets.intake'],
  },
  {
    name: 'hotline-dispatch',
    title: '派单台',
    path: '/hotline/dispatch',
    group: '12345 热线',
    hall: false,
    needs: ['tickets.dispatch', 'tickets.approve', 'tickets.arbitrate', 'tickets.supervise'],
    work: ['tickets.dispatch'],
  },
  {
    name: 'hotline-unit',
    title: '部门工单',
    path: '/hotline/unit',
    group: '12345 热线',
    hall: false,
    needs: ['tickets.handle', 'tickets.review'],
    work: ['tickets.review'],
  },
  {
    name: 'hotline-quality',
    title: '审核与回访',
    path: '/hotline/quality',
    group: '12345 热线',
    hall: false,
    needs: ['tickets.audit', 'tickets.callback', 'tickets.judge'],
    work: ['tickets.audit', 'tickets.callback'],
  },
  {
    name: 'tickets',
    title: '全部工单',
    path: '/hotline/tickets',
    group: '12345 热线',
    hall: false,
    needs: ['tickets.view'],
  },
  {
    name: 'knowledge',
    title: '知识库',
    path: '/knowledge',
    group: '12345 热线',
    hall: false,
    needs: ['knowledge.read'],
  },
  {
    name: 'hotline-board',
    title: '热线看板',
    path: '/hotline-board',
    group: '12345 热线',
    hall: false,
    needs: ['tickets.view'],
  },
  {
    name: 'hotline-reports',
    title: '热线报表',
    path: '/hotline-reports',
    group: '12345 热线',
    hall: false,
    needs: ['reports.view'],
    also: ['tickets.view', 'tickets.handle'],
  },
  {
    name: 'ticket-limits',
    title: '工单时限与目标',
    path: '/ticket-limits',
    group: '12345 热线',
    hall: false,
    needs: ['tickets.settings'],
  },
  {
    name: 'topics',
    title: '议题与表决',
    path: '/topics',
    group: '社区',
    hall: false,
    needs: ['topics.view'],
    work: ['topics.manage', 'votes.audit'],
  },
  {
    name: 'moderation',
    title: '发言审核',
    path: '/moderation',
    group: '社区',
    hall: false,
    needs: ['topics.moderate', 'topics.decide'],
  },
  {
    name: 'communities',
    title: '房屋与业主',
    path: '/communities',
    group: '社区',
    hall: false,
    needs: ['community.view'],
  },
  {
    name: 'activities',
    title: '社区活动',
    path: '/activities',
    group: '社区',
    hall: false,
    needs: ['activities.manage'],
  },
  {
    name: 'rosters',
    title: '值班',
    path: '/rosters',
    group: '网格',
    hall: false,
    needs: ['rosters.edit'],
  },
  {
    name: 'grid',
    title: '网格地图',
    path: '/grid',
    group: '网格',
    hall: false,
    needs: ['grid.edit', 'rosters.edit', 'events.view'],
  },
  {
    name: 'event-settings',
    title: '类别与时限',
    path: '/event-settings',
    group: '网格',
    hall: false,
    needs: ['categories.edit'],
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
    title: '消息',
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

const meets = (staff: Staff | null, one: Need) => may(staff, ...one.needs) && (!one.hall || Boolean(staff?.halls.length))

function allowed(staff: Staff | null, section: Section): boolean {
  if (section.pages) return section.pages.some((page) => meets(staff, page))
  return meets(staff, section) && (!section.also || may(staff, ...section.also))
}

/** The pages of the bookings that this person may open, in their order. */
export const bookingPages = (staff: Staff | null) => BOOKING_PAGES.filter((page) => meets(staff, page))

/** The same for where places come from. */
export const schedulePages = (staff: Staff | null) => SCHEDULE_PAGES.filter((page) => meets(staff, page))

/** And for how a hall's queue is run. */
export const lobbyPages = (staff: Staff | null) => LOBBY_PAGES.filter((page) => meets(staff, page))

/** Pages that show one hall: the top bar offers the choice of it there. */
export const showsOneHall = (name: unknown) =>
  SECTIONS.some((section) => (section.pages ?? [section]).some((page) => page.hall && page.name === name))

export function sectionsFor(staff: Staff | null): Section[] {
  return SECTIONS.filter((section) => allowed(staff, section))
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
  return !section || allowed(staff, section)
}

/** Pages that belong to a section of the rail: one item to the items, the heat map to the reports. */
const PART_OF: Record<string, string> = { item: 'items', event: 'dispatch', ticket: 'tickets', heat: 'reports', topic: 'topics' }
const partOf = (name: string) =>
  PART_OF[name] ?? (/^(knowledge|article)/.test(name) ? 'knowledge' : /^(messages|bookings|schedules|lobby)-/.test(name) ? name.split('-')[0]! : name)

/** The section a route belongs to. */
export const sectionOf = (name: unknown) => (typeof name === 'string' ? partOf(name) : '')

/** As `mayOpen`, for a route's name. An event opens for whoever may be handling it, too. */
export function mayOpenRoute(staff: Staff | null, name: unknown): boolean {
  if (typeof name !== 'string') return true
  if (name === 'event') return mayOpen(staff, 'dispatch') || mayOpen(staff, 'tasks')
  if (name.startsWith('bookings-')) return bookingPages(staff).some((page) => page.name === name)
  if (name.startsWith('lobby-')) return lobbyPages(staff).some((page) => page.name === name)
  if (name.startsWith('schedules')) return schedulePages(staff).some((page) => page.name === name)
  if (name.startsWith('messages')) return mayOpenMessages(staff, name)
  if (name === 'ticket') return ['tickets', 'hotline-unit'].some((one) => mayOpen(staff, one))
  return mayOpen(staff, partOf(name))
}

/** A page of the messages, or one below it: whoever may open its tab. */
function mayOpenMessages(staff: Staff | null, name: string): boolean {
  const page = MESSAGE_PAGES.find((one) => one.name === messageTabOf(name))
  return Boolean(page && may(staff, ...page.needs))
}
