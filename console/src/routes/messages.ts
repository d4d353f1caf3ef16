import type { RouteRecordRaw } from 'vue-router'

/** The pages of 消息, below the shell. */
export const messageRoutes: RouteRecordRaw[] = [
  {
    path: 'messages',
    name: 'messages',
    component: () => import('@/pages/messages/MessagesPage.vue'),
    meta: { title: '消息记录' },
  },
  {
    path: 'messages/templates',
    name: 'messages-templates',
    component: () => import('@/pages/messages/templates/TemplatesPage.vue'),
    meta: { title: '消息模板' },
  },
  {
    path: 'messages/templates/:kind',
    name: 'messages-templates-kind',
    component: () => import('@/pages/messages/templates/TemplatePage.vue'),
    meta: { title: '消息模板' },
  },
  {
    path: 'messages/campaigns',
    name: 'messages-campaigns',
    component: () => import('@/pages/messages/campaigns/CampaignsPage.vue'),
    meta: { title: '群发通知' },
  },
  {
    path: 'messages/campaigns/:id/edit',
    name: 'messages-campaigns-edit',
    component: () => import('@/pages/messages/campaigns/CampaignEditor.vue'),
    meta: { title: '写群发' },
  },
  {
    path: 'messages/consents',
    name: 'messages-consents',
    component: () => import('@/pages/messages/consents/ConsentsPage.vue'),
    meta: { title: '订阅授权' },
  },
  {
    path: 'messages/channels',
    name: 'messages-channels',
    component: () => import('@/pages/messages/channels/ChannelsPage.vue'),
    meta: { title: '通道' },
  },
  {
    path: 'messages/limits',
    name: 'messages-limits',
    component: () => import('@/pages/messages/limits/LimitsPage.vue'),
    meta: { title: '限额' },
  },
  {
    path: 'messages/hooks',
    name: 'messages-hooks',
    component: () => import('@/pages/messages/hooks/HooksPage.vue'),
    meta: { title: '工作群' },
  },
]
