import { createRouter, createWebHistory } from 'vue-router'
import { asProblem } from '@/api/problem'
import { loadSession, session } from '@/composables/session'
import { bookingPages, landing, lobbyPages, mayOpenRoute, needsSetUp, schedulePages } from '@/lib/permissions'
import { SCHEDULE_PAGES } from '@/lib/schedulePages'
import { DESKS } from '@/lib/tickets'
import { lobbyRoutes } from './routes/lobby'
import { messageRoutes } from './routes/messages'

declare module 'vue-router' {
  interface RouteMeta {
    title: string
    open?: boolean
  }
}

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('@/pages/SignIn.vue'),
      meta: { title: '登录', open: true },
    },
    {
      path: '/set-up',
      name: 'set-up',
      component: () => import('@/pages/SetUpPage.vue'),
      meta: { title: '第一次登录' },
    },
    {
      path: '/screen/:hallId',
      name: 'screen',
      component: () => import('@/pages/screen/ScreenPage.vue'),
      meta: { title: '叫号屏', open: true },
    },
    {
      path: '/kiosk',
      name: 'kiosk',
      component: () => import('@/pages/kiosk/KioskPage.vue'),
      meta: { title: '自助取号', open: true },
    },
    {
      path: '/hotline-board',
      name: 'hotline-board',
      component: () => import('@/pages/hotline-board/HotlineBoardPage.vue'),
      meta: { title: '热线看板' },
    },
    {
      path: '/',
      component: () => import('@/components/AppShell.vue'),
      meta: { title: '' },
      children: [
        // Where it leads is decided below, once it is known who is here.
        { path: '', name: 'home', component: () => import('@/pages/NotFound.vue'), meta: { title: '' } },
        {
          path: 'board',
          name: 'board',
          component: () => import('@/pages/board/BoardPage.vue'),
          meta: { title: '今日大厅' },
        },
        {
          path: 'hall-figures',
          name: 'hall-figures',
          component: () => import('@/pages/hall-figures/HallFiguresPage.vue'),
          meta: { title: '大厅数据' },
        },
        {
          path: 'check-in',
          name: 'check-in',
          component: () => import('@/pages/CheckInPage.vue'),
          meta: { title: '签到取号' },
        },
        {
          path: 'window',
          name: 'window',
          component: () => import('@/pages/window/WindowPage.vue'),
          meta: { title: '我的窗口' },
        },
        // The tabs of 排班与号源 share a page that shows the one the address names.
        ...SCHEDULE_PAGES.map((page) => ({
          path: page.path.slice(1),
          name: page.name,
          component: () => import('@/pages/schedules/SchedulesPage.vue'),
          meta: { title: page.title },
        })),
        ...lobbyRoutes,
        // Leads to the first of its pages that this person may open (below).
        { path: 'bookings', name: 'bookings', component: () => import('@/pages/NotFound.vue'), meta: { title: '预约管理' } },
        {
          path: 'bookings/waitlist',
          name: 'bookings-waitlist',
          component: () => import('@/pages/bookings/WaitlistPage.vue'),
          meta: { title: '候补' },
        },
        {
          path: 'bookings/consents',
          name: 'bookings-consents',
          component: () => import('@/pages/bookings/ConsentsPage.vue'),
          meta: { title: '代办登记' },
        },
        {
          path: 'bookings/missed',
          name: 'bookings-missed',
          component: () => import('@/pages/bookings/MissedPage.vue'),
          meta: { title: '未到和申诉' },
        },
        {
          path: 'bookings/limits',
          name: 'bookings-limits',
          component: () => import('@/pages/bookings/LimitsPage.vue'),
          meta: { title: '预约限制' },
        },
        {
          path: 'dispatch',
          name: 'dispatch',
          component: () => import('@/pages/dispatch/DeskPage.vue'),
          meta: { title: '调度台' },
        },
        {
          path: 'dispatch/events/:id',
          name: 'event',
          component: () => import('@/pages/dispatch/EventPage.vue'),
          meta: { title: '事件' },
        },
        {
          path: 'tasks',
          name: 'tasks',
          component: () => import('@/pages/dispatch/TasksPage.vue'),
          meta: { title: '我的任务' },
        },
        {
          path: 'intakes',
          name: 'intakes',
          component: () => import('@/pages/dispatch/IntakesPage.vue'),
          meta: { title: '转来的消息' },
        },
        {
          path: 'hotline/operator',
          name: 'hotline-operator',
          component: () => import('@/pages/hotline/OperatorPage.vue'),
          meta: { title: '接线台' },
        },
        // One page for each desk that works through a list; its key makes every desk its own.
        ...['hotline-dispatch', 'hotline-unit', 'hotline-quality', 'tickets'].map((name) => ({
          path: name === 'tickets' ? 'hotline/tickets' : name.replace('-', '/'),
          name,
          component: () => import('@/pages/hotline/DeskPage.vue'),
          meta: { title: DESKS[name]?.title ?? '工单' },
        })),
        {
          path: 'hotline/tickets/:id',
          name: 'ticket',
          component: () => import('@/pages/hotline/TicketPage.vue'),
          meta: { title: '工单' },
        },
        {
          path: 'hotline-reports',
          name: 'hotline-reports',
          component: () => import('@/pages/hotline-reports/HotlineReportsPage.vue'),
          meta: { title: '热线报表' },
        },
        {
          path: 'knowledge',
          name: 'knowledge',
          component: () => import('@/pages/knowledge/KnowledgePage.vue'),
          meta: { title: '知识库' },
        },
        {
          path: 'knowledge/search',
          name: 'knowledge-search',
          component: () => import('@/pages/knowledge/SearchPage.vue'),
          meta: { title: '搜知识库' },
        },
        {
          path: 'knowledge/corrections',
          name: 'knowledge-corrections',
          component: () => import('@/pages/knowledge/CorrectionsPage.vue'),
          meta: { title: '纠错' },
        },
        {
          path: 'knowledge/misses',
          name: 'knowledge-misses',
          component: () => import('@/pages/knowledge/MissesPage.vue'),
          meta: { title: '没搜到的' },
        },
        {
          path: 'knowledge/usage',
          name: 'knowledge-usage',
          component: () => import('@/pages/knowledge/UsagePage.vue'),
          meta: { title: '知识库用了多少' },
        },
        {
          path: 'knowledge/import',
          name: 'knowledge-import',
          component: () => import('@/pages/knowledge/ImportPage.vue'),
          meta: { title: '导入导出' },
        },
        {
          path: 'knowledge/:id',
          name: 'article',
          component: () => import('@/pages/knowledge/ArticlePage.vue'),
          meta: { title: '文章' },
        },
        {
          path: 'knowledge/:id/edit',
          name: 'article-editor',
          component: () => import('@/pages/knowledge/ArticleEditor.vue'),
          meta: { title: '编辑文章' },
        },
        {
          path: 'knowledge/:id/comparison',
          name: 'article-comparison',
          component: () => import('@/pages/knowledge/ComparisonPage.vue'),
          meta: { title: '对照两版' },
        },
        {
          path: 'hot',
          name: 'hot',
          component: () => import('@/pages/hot/HotPage.vue'),
          meta: { title: '热点问题' },
        },
        {
          path: 'reports',
          name: 'reports',
          component: () => import('@/pages/reports/DailyPage.vue'),
          meta: { title: '日报' },
        },
        {
          path: 'reports/heat',
          name: 'heat',
          component: () => import('@/pages/reports/HeatPage.vue'),
          meta: { title: '热力图' },
        },
        {
          path: 'topics',
          name: 'topics',
          component: () => import('@/pages/topics/TopicsPage.vue'),
          meta: { title: '议题与表决' },
        },
        {
          path: 'topics/:id',
          name: 'topic',
          component: () => import('@/pages/topics/TopicPage.vue'),
          meta: { title: '议题' },
        },
        {
          path: 'moderation',
          name: 'moderation',
          component: () => import('@/pages/moderation/ModerationPage.vue'),
          meta: { title: '发言审核' },
        },
        {
          path: 'communities',
          name: 'communities',
          component: () => import('@/pages/communities/CommunitiesPage.vue'),
          meta: { title: '房屋与业主' },
        },
        {
          path: 'activities',
          name: 'activities',
          component: () => import('@/pages/activities/ActivitiesPage.vue'),
          meta: { title: '社区活动' },
        },
        {
          path: 'rosters',
          name: 'rosters',
          component: () => import('@/pages/rosters/RostersPage.vue'),
          meta: { title: '值班' },
        },
        {
          path: 'grid',
          name: 'grid',
          component: () => import('@/pages/grid/GridPage.vue'),
          meta: { title: '网格地图' },
        },
        {
          path: 'ticket-limits',
          name: 'ticket-limits',
          component: () => import('@/pages/ticket-limits/TicketLimitsPage.vue'),
          meta: { title: '工单时限与目标' },
        },
        {
          path: 'event-settings',
          name: 'event-settings',
          component: () => import('@/pages/event-settings/SettingsPage.vue'),
          meta: { title: '类别与时限' },
        },
        {
          path: 'items',
          name: 'items',
          component: () => import('@/pages/items/ItemsPage.vue'),
          meta: { title: '事项' },
        },
        {
          path: 'items/:id',
          name: 'item',
          component: () => import('@/pages/items/ItemEditor.vue'),
          meta: { title: '编辑事项' },
        },
        {
          path: 'accounts',
          name: 'accounts',
          component: () => import('@/pages/accounts/AccountsPage.vue'),
          meta: { title: '人员与角色' },
        },
        ...messageRoutes,
        {
          path: 'reveals',
          name: 'reveals',
          component: () => import('@/pages/RevealsPage.vue'),
          meta: { title: '查看个人信息记录' },
        },
        {
          path: 'me',
          name: 'me',
          component: () => import('@/pages/MePage.vue'),
          meta: { title: '我的账号' },
        },
        {
          path: ':rest(.*)*',
          name: 'not-found',
          component: () => import('@/pages/NotFound.vue'),
          meta: { title: '没有这一页' },
        },
      ],
    },
  ],
})

// After an update the old page's parts are gone from the server: load the new page whole.
router.onError((error, to) => {
  if (/dynamically imported module|module script|preload/i.test(String(error)))
    window.location.assign(router.resolve(to).href)
})

router.beforeEach(async (to) => {
  document.title = to.meta.title ? `${to.meta.title} · 呼应工作台` : '呼应工作台'
  if (to.meta.open && to.name !== 'sign-in') return true
  if (!session.ready) {
    try {
      await loadSession()
    } catch (error) {
      // The sign-in page shows why nothing can be loaded and offers to try again.
      return to.name === 'sign-in'
        ? true
        : { name: 'sign-in', query: { next: to.fullPath, problem: asProblem(error).title } }
    }
  }
  if (to.name === 'sign-in') return session.staff ? landing(session.staff) : true
  if (!session.staff) return { name: 'sign-in', query: to.name === 'home' ? {} : { next: to.fullPath } }
  if (to.name === 'home') return landing(session.staff)
  if (needsSetUp(session.staff) !== (to.name === 'set-up')) return landing(session.staff)
  // The rail leads to the week; who may open only a later tab is led to that.
  if (to.name === 'schedules' && !mayOpenRoute(session.staff, to.name))
    return schedulePages(session.staff)[0]?.path ?? landing(session.staff)
  if (!mayOpenRoute(session.staff, to.name)) return landing(session.staff)
  if (to.name === 'lobby') return lobbyPages(session.staff)[0]?.path ?? '/me'
  if (to.name === 'bookings') return bookingPages(session.staff)[0]?.path ?? '/me'
  return true
})
