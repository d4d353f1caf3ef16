import type { Permission } from '@/api/types'

/** The section 排班与号源: its tabs, each with an address of its own. */
export const SCHEDULE_PAGES: { name: string; path: string; title: string; needs: Permission[]; hall: boolean }[] = [
  { name: 'schedules', path: '/schedules', title: '每周安排', needs: ['schedules.edit'], hall: true },
  { name: 'schedules-day', path: '/schedules/day', title: '某一天', needs: ['schedules.edit'], hall: true },
  { name: 'schedules-shifts', path: '/schedules/shifts', title: '窗口排班', needs: ['schedules.edit'], hall: true },
  { name: 'schedules-seasons', path: '/schedules/seasons', title: '时段模板', needs: ['schedules.edit'], hall: true },
  { name: 'schedules-release', path: '/schedules/release', title: '放号规则', needs: ['schedules.edit'], hall: true },
  // The district's administrator has no hall; a hall's manager reads it and shuts the hall on a day.
  { name: 'schedules-calendar', path: '/schedules/calendar', title: '休息日和调休', needs: ['calendar.edit', 'schedules.edit'], hall: false },
]
