/** Where pages are, so that no page knows another's address. */
type Values = Record<string, string | number | undefined>

const TABS = ['/pages/home/home', '/pages/items/items', '/pages/progress/progress', '/pages/me/me']

const url = (path: string, values: Values = {}): string => {
  const pairs = Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return path + (pairs.length ? `?${pairs.join('&')}` : '')
}

export const to = {
  home: () => TABS[0],
  items: () => TABS[1],
  progress: () => TABS[2],
  me: () => TABS[3],
  search: (q?: string) => url('/packages/catalogue/search', { q }),
  list: (by: 'theme' | 'department', code: string, name: string) =>
    url('/packages/catalogue/list', { by, code, name }),
  lifeEvent: (code: string, name: string) => url('/packages/catalogue/life-event', { code, name }),
  item: (id: string) => url('/packages/catalogue/item', { id }),
  book: (item: string, hall?: string) => url('/packages/appointments/book', { item, hall }),
  booked: (id: string) => url('/packages/appointments/booked', { id }),
  appointments: () => '/packages/appointments/list',
  appointment: (id: string) => url('/packages/appointments/ticket', { id }),
  reschedule: (id: string) => url('/packages/appointments/reschedule', { id }),
  calendar: () => '/packages/appointments/calendar',
  waitlist: () => '/packages/appointments/waitlist',
  waiting: (id: string) => url('/packages/appointments/waiting', { id }),
  offer: (id: string) => url('/packages/appointments/offer', { id }),
  agents: () => '/packages/appointments/agents',
  newAgent: (role: 'principal' | 'agent', item?: string, name?: string) =>
    // Not `role`: in a browser the page's element takes what stands in the address for attributes.
    url('/packages/appointments/agent', { as: role, item, name }),
  visit: (id: string) => url('/packages/appointments/visit', { id }),
  groupMove: (id: string) => url('/packages/appointments/reschedule', { visit: id }),
  visitMove: (id: string) => url('/packages/appointments/several', { visit: id }),
  several: (item: string, hall?: string) => url('/packages/appointments/several', { item, hall }),
  standing: () => '/packages/appointments/standing',
  halls: () => '/packages/halls/list',
  hall: (id: string) => url('/packages/halls/hall', { id }),
  matter: (receipt: string, found?: boolean) =>
    url('/packages/progress/matter', { receipt, found: found ? 1 : undefined }),
  report: () => '/packages/events/report',
  reported: (id: string) => url('/packages/events/reported', { id }),
  events: () => '/packages/events/mine',
  event: (id: string) => url('/packages/events/event', { id }),
  eventOf: (receipt: string) => url('/packages/events/event', { receipt }),
  publicMap: (id?: string) => url('/packages/events/map', { id }),
  ask: (q?: string) => url('/packages/ask/ask', { q }),
  article: (id: string, q?: string) => url('/packages/ask/article', { id, q }),
  askDesk: (q?: string) => url('/packages/ask/question', { q }),
  question: (id: string, sent?: boolean) => url('/packages/ask/question', { id, sent: sent ? 1 : undefined }),
  newTicket: (kind?: string) => url('/packages/tickets/new', { kind }),
  tickets: () => '/packages/tickets/mine',
  ticket: (id: string, sent?: boolean) => url('/packages/tickets/ticket', { id, sent: sent ? 1 : undefined }),
  hotline: () => '/packages/tickets/hotline',
  neighbourhood: () => '/packages/neighbourhood/home',
  activities: (kind?: string) => url('/packages/neighbourhood/activities', { kind }),
  activity: (id: string) => url('/packages/neighbourhood/activity', { id }),
  checkIn: (id: string) => url('/packages/neighbourhood/check-in', { id }),
  hours: () => '/packages/neighbourhood/hours',
  verifyCertificate: (number?: string) => url('/packages/neighbourhood/verify', { number }),
  wishes: (id?: string) => url('/packages/neighbourhood/wishes', { id }),
  help: (id?: string) => url('/packages/neighbourhood/help', { id }),
  party: () => '/packages/neighbourhood/party',
  resources: () => '/packages/neighbourhood/resources',
  resource: (id: string) => url('/packages/neighbourhood/resource', { id }),
  bookings: (sent?: boolean) => url('/packages/neighbourhood/bookings', { sent: sent ? 1 : undefined }),
  council: () => '/packages/council/home',
  homes: () => '/packages/council/homes',
  claim: () => '/packages/council/claim',
  transfer: (home: string) => url('/packages/council/transfer', { home }),
  voteProof: (id: string) => url('/packages/council/proof', { id }),
  topic: (id: string, part?: string, sent?: boolean) => url('/packages/council/topic', { id, part, sent: sent ? 1 : undefined }),
  topicVote: (id: string) => url('/packages/council/vote', { id }),
  voteResult: (id: string) => url('/packages/council/result', { id }),
  opinions: (topic: string, title?: string) => url('/packages/council/opinions', { id: topic, title }),
  propose: (community?: string, amend?: string) => url('/packages/council/propose', { community, amend }),
  proxies: (topic?: string, title?: string) => url('/packages/council/proxies', { topic, title }),
  inbox: () => '/packages/account/inbox',
  signIn: (verify?: boolean) => url('/packages/account/sign-in', { verify: verify ? 1 : undefined }),
  realName: () => '/packages/account/real-name',
  phone: () => '/packages/account/phone',
  privacy: () => '/packages/account/privacy',
  myData: () => '/packages/account/my-data',
  closeAccount: () => '/packages/account/close',
  messageSettings: () => '/packages/account/message-settings',
  reminders: () => '/packages/account/reminders',
  settings: () => '/packages/account/settings',
  work: (list?: string) => url('/packages/worker/calls', { list }),
  workEvent: (id: string) => url('/packages/worker/event', { id }),
  workForm: (form: string, event: string, sub?: string) => url('/packages/worker/form', { form, event, sub }),
  workReport: (patrol?: string) => url('/packages/worker/report', { patrol }),
  patrol: () => '/packages/worker/patrol',
  check: (patrol?: string) => url('/packages/worker/check', { patrol }),
  outbox: () => '/packages/worker/queue',
  bindWork: () => '/packages/worker/bind',
}

/** A value from a page's address: the browser hands it over decoded, WeChat as it was sent. */
export function param(query: Record<string, string | undefined> | undefined, name: string): string {
  const raw = query?.[name] ?? ''
  try {
    return decodeURIComponent(raw)
  } catch {
    return raw
  }
}

/** Opens a page or switches to a tab. */
export function open(target: string): void {
  if (TABS.includes(target.split('?')[0])) uni.switchTab({ url: target })
  else uni.navigateTo({ url: target })
}

export const replace = (target: string): void => {
  uni.redirectTo({ url: target })
}

/** Goes back; a page opened by its own address goes to `fallback`. */
export function back(fallback: string = to.home()): void {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else if (TABS.includes(fallback)) uni.switchTab({ url: fallback })
  else uni.redirectTo({ url: fallback })
}

/** The page a message points to; null when this version has none for it. */
export function linkTarget(link: string | null): string | null {
  if (!link) return null
  const [, called] = /^\/?(?:pages\/)?worker\/events\/([^/?#]+)/.exec(link) ?? []
  if (called) return to.workEvent(called)
  if (/^\/?homes(?:[/?#]|$)/.test(link)) return to.homes()
  if (/^\/?agent-consents(?:[/?#]|$)/.test(link)) return to.agents()
  if (/^\/?(?:booking-standing|missed-appointments)(?:[/?#]|$)/.test(link)) return to.standing()
  const [, visited] = /^\/?visits\/([^/?#]+)/.exec(link) ?? []
  if (visited) return to.visit(visited)
  const [, waits, waited] = /^\/?(waitlist|slot-offers)(?:\/([^/?#]+))?$/.exec(link) ?? []
  if (waits) return !waited ? to.waitlist() : waits === 'waitlist' ? to.waiting(waited) : to.offer(waited)
  if (/^\/?proxies(?:[/?#]|$)/.test(link)) return to.proxies()
  const [, near] = /^\/?neighbourhood\/((?:wishes|help|party|bookings)(?:\?id=[\w-]+)?)$/.exec(link) ?? []
  if (near) return `/packages/neighbourhood/${near}`
  const [, held] = /^\/?activities\/([^/?#]+)/.exec(link) ?? []
  if (held) return to.activity(held)
  const [, kind, id] = /^\/?(?:pages\/)?(appointments|matters|items|halls|events|tickets|questions|articles|topics|votes)\/([^/?#]+)/.exec(link) ?? []
  if (kind === 'appointments') return to.appointment(id)
  if (kind === 'matters') return to.matter(id)
  if (kind === 'events') return to.event(id)
  if (kind === 'items') return to.item(id)
  if (kind === 'tickets') return to.ticket(id)
  if (kind === 'questions') return to.question(id)
  if (kind === 'articles') return to.article(id)
  if (kind === 'topics') return to.topic(id)
  if (kind === 'votes') return to.topicVote(id)
  return kind === 'halls' ? to.hall(id) : null
}
