import { call, request, type Answer } from './http'
import type * as T from './types'

export const house = {
  config: () => request<T.Config>('GET', '/config'),
  privacyPolicy: () => request<T.PrivacyPolicy>('GET', '/privacy-policy'),
}

export const sessions = {
  current: () => request<T.Session>('GET', '/session'),
  demoPersons: () => request<T.Page<T.DemoPerson>>('GET', '/demo/persons'),
  demoRegister: () => request<T.Page<T.DemoRegisterEntry>>('GET', '/demo/register'),
  demoWechatCode: () => request<T.DemoCode>('GET', '/demo/wechat-code'),
  demoSms: (phone: string) => request<T.Page<T.DemoText>>('GET', '/demo/sms', { query: { phone } }),
  byDemo: (person_key: string, channel: T.Channel, key: string) =>
    request<T.SignedIn>('POST', '/sessions/demo', { body: { person_key, channel }, key }),
  byWechat: (code: string, channel: T.Channel, key: string) =>
    request<T.SignedIn>('POST', '/sessions/wechat', { body: { code, channel }, key, retries: 0 }),
  bySms: (phone: string, code: string, channel: T.Channel, key: string) =>
    request<T.SignedIn>('POST', '/sessions/sms', { body: { phone, code, channel }, key }),
  sendSms: (phone: string, purpose: T.SmsPurpose, key: string) =>
    request<T.SmsSent>('POST', '/sms-codes', { body: { phone, purpose }, key }),
  end: (key: string) => request<unknown>('DELETE', '/session', { key }),
}

export const me = {
  get: () => request<T.Me>('GET', '/me'),
  setElder: (elder_mode: boolean, key: string) => request<T.Me>('PATCH', '/me', { body: { elder_mode }, key }),
  realName: (name: string, id_number: string, key: string) =>
    request<T.Me>('POST', '/me/real-name', { body: { name, id_number }, key }),
  bindPhone: (body: T.PhoneProof, key: string) =>
    request<T.Me>('POST', '/me/phone', { body, key }),
  consent: (version: string, agreed: boolean, key: string) =>
    request<T.Me>('POST', '/me/consents', { body: { document: 'privacy', version, agreed }, key }),
  exportData: () => request<T.OwnData>('GET', '/me/export'),
  close: (confirm: string, key: string) => request<unknown>('POST', '/me/close', { body: { confirm }, key }),
  grants: () => request<T.Page<T.NotificationGrant>>('GET', '/me/notification-grants'),
  addGrants: (results: T.GrantReport['results'], key: string) =>
    request<T.Page<T.NotificationGrant>>('POST', '/me/notification-grants', { body: { results }, key }),
  withdrawGrants: (template_ids: string[], key: string) =>
    request<T.Page<T.NotificationGrant>>('POST', '/me/notification-withdrawals', { body: { template_ids }, key }),
  grantHistory: (cursor?: string | null) =>
    request<T.Page<T.ConsentEvent>>('GET', '/me/notification-history', { query: { cursor } }),
  messageSettings: () => request<T.MessageSettings>('GET', '/me/message-settings'),
  chooseMessages: (choice: T.MessageChoice, key: string) =>
    request<T.MessageSettings>('PATCH', '/me/message-settings', { body: { ...choice }, key }),
}

export const catalogue = {
  items: (filter: T.ItemFilter) => request<T.ItemPage>('GET', '/items', { query: { ...filter } }),
  suggest: (q: string) => request<T.Page<T.Suggestion>>('GET', '/items/suggest', { query: { q }, retries: 0 }),
  item: (id: string) => request<T.Item>('GET', `/items/${id}`),
  themes: () => request<T.Page<T.Group>>('GET', '/themes'),
  departments: () => request<T.Page<T.Group>>('GET', '/departments'),
  lifeEvents: () => request<T.Page<T.LifeEvent>>('GET', '/life-events'),
  lifeEvent: (code: string) => request<T.LifeEventDetail>('GET', `/life-events/${code}`),
}

export const halls = {
  list: (item_id?: string) => request<T.Page<T.Hall>>('GET', '/halls', { query: { item_id } }),
  get: (id: string) => request<T.Hall>('GET', `/halls/${id}`),
  days: (id: string, item_id: string, video?: true) =>
    request<T.Page<T.Day>>('GET', `/halls/${id}/days`, { query: { item_id, video } }),
  slots: (id: string, item_id: string, date: string, video?: true) =>
    request<T.SlotPage>('GET', `/halls/${id}/slots`, { query: { item_id, date, video }, looks: true }),
  screen: (id: string, etag: string): Promise<Answer<T.HallScreen> | null> =>
    call<T.HallScreen>('GET', `/halls/${id}/screen`, { etag }),
}

export const appointments = {
  book: (booking: T.NewBooking, key: string) =>
    request<T.Appointment>('POST', '/appointments', { body: { ...booking }, proof: true, key }),
  list: (state: 'live' | 'past', cursor?: string | null) =>
    request<T.Page<T.Appointment>>('GET', '/appointments', { query: { state, cursor } }),
  get: (id: string, etag = ''): Promise<Answer<T.Appointment> | null> =>
    call<T.Appointment>('GET', `/appointments/${id}`, { etag }),
  cancel: (id: string, reason: string, key: string) =>
    request<T.Appointment>('POST', `/appointments/${id}/cancel`, { body: { reason }, key }),
  videoCheckIn: (id: string, key: string) => request<T.Appointment>('POST', `/appointments/${id}/video-check-in`, { key }),
  rate: (id: string, score: number, comment: string, key: string) =>
    request<T.Appointment>('POST', `/appointments/${id}/rating`, { body: { score, comment }, key }),
}

export const progress = {
  matters: (open: boolean, cursor?: string | null) => request<T.Page<T.Matter>>('GET', '/matters', { query: { open, cursor } }),
  matter: (receipt: string) => request<T.MatterDetail>('GET', `/matters/${receipt}`),
  lookUp: (receipt_number: string, query_code: string) =>
    request<T.PublicMatter>('POST', '/matter-lookups', { body: { receipt_number, query_code }, retries: 1 }),
}

export const inbox = {
  list: (cursor?: string | null, which: T.InboxFilter = {}) =>
    request<T.Inbox>('GET', '/messages', { query: { cursor, ...which } }),
  /** How many are unread; of the messages themselves no more than one comes along. */
  unread: async () => (await request<T.Inbox>('GET', '/messages', { query: { limit: 1 } })).unread,
  read: (id: string, key: string) => request<T.Message>('POST', `/messages/${id}/read`, { key }),
  readAll: (topic: T.InboxTopic | null, key: string) =>
    request<T.ReadAll>('POST', '/messages/read-all', { body: { topic }, key }),
}
