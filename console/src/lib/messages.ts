import type { Permission } from '@/api/types'

/** The section 消息: its tabs, each a page of its own. A page below a tab has a route whose name begins like it. */
export const MESSAGE_PAGES: { name: string; path: string; title: string; needs: Permission[] }[] = [
  { name: 'messages', path: '/messages', title: '记录', needs: ['messages.view'] },
  { name: 'messages-templates', path: '/messages/templates', title: '模板', needs: ['messages.view'] },
  {
    name: 'messages-campaigns',
    path: '/messages/campaigns',
    title: '群发',
    needs: ['campaigns.write', 'campaigns.release'],
  },
  { name: 'messages-consents', path: '/messages/consents', title: '授权', needs: ['messages.view'] },
  { name: 'messages-channels', path: '/messages/channels', title: '通道', needs: ['messages.view'] },
  { name: 'messages-limits', path: '/messages/limits', title: '限额', needs: ['messages.view'] },
  { name: 'messages-hooks', path: '/messages/hooks', title: '工作群', needs: ['messages.manage'] },
]

/** The tab a route belongs to: its own, or that of the page it lies below. */
export const messageTabOf = (name: unknown): string =>
  MESSAGE_PAGES.find((one) => one.name !== 'messages' && String(name).startsWith(one.name))?.name ?? 'messages'
