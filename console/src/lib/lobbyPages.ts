import type { Permission } from '@/api/types'

/** The section 排队设置: its tabs, each with an address of its own. */
export const LOBBY_PAGES: { name: string; path: string; title: string; needs: Permission[]; hall: boolean }[] = [
  { name: 'lobby-rules', path: '/lobby/rules', title: '排队规则', needs: ['schedules.edit'], hall: true },
  { name: 'lobby-kiosks', path: '/lobby/kiosks', title: '自助机', needs: ['schedules.edit'], hall: true },
]
