import type { RouteRecordRaw } from 'vue-router'

/** How a hall's queue is run, below the shell. */
export const lobbyRoutes: RouteRecordRaw[] = [
  // Leads to the first of its pages that this person may open.
  { path: 'lobby', name: 'lobby', component: () => import('@/pages/NotFound.vue'), meta: { title: '排队管理' } },
  {
    path: 'lobby/rules',
    name: 'lobby-rules',
    component: () => import('@/pages/lobby/QueueRulesPage.vue'),
    meta: { title: '排队规则' },
  },
  {
    path: 'lobby/kiosks',
    name: 'lobby-kiosks',
    component: () => import('@/pages/lobby/KiosksPage.vue'),
    meta: { title: '自助机' },
  },
  {
    path: 'lobby/paper',
    name: 'lobby-paper',
    component: () => import('@/pages/lobby/PaperPage.vue'),
    meta: { title: '纸质名单' },
  },
  {
    path: 'lobby/catch-up',
    name: 'lobby-catch-up',
    component: () => import('@/pages/lobby/CatchUpPage.vue'),
    meta: { title: '补录' },
  },
]
