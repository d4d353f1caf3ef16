import type { Permission } from '@/api/types'

/** The section 排队管理: its tabs, each with an address of its own. */
export const LOBBY_PAGES: { name: string; path: string; title: string; needs: Permission[]; hall: boolean }[] = [
  { name: 'lobby-rules', path: '/lobby/rules', title: '排队规则', needs: ['schedules.edit'], hall: true },
  { name: 'lobby-kiosks', path: '/lobby/kiosks', title: '自助机', needs: ['schedules.edit'], hall: true },
  { name: 'lobby-paper', path: '/lobby/paper', title: '纸质名单', needs: ['appointments.view'], hall: true },
  { name: 'lobby-catch-up', path: '/lobby/catch-up', title: '补录', needs: ['queue.operate'], hall: true },
]
