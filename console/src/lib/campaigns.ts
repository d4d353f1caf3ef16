import type { Audience, Campaign, CampaignBody, CampaignState, Channel, Options, Progress } from '@/api/campaigns'
import type { Preview } from '@/api/messageTemplates'
import { momentValue } from './eventActions'
import { stamp } from './format'

/** Writing a campaign: the form, what is missing, and the words for its parts. */

export const CHANNELS: { value: Channel; label: string; hint: string }[] = [
  { value: 'wechat_subscribe', label: '小程序订阅消息', hint: '同意过「通知公告提醒」的人' },
  { value: 'wechat_service', label: '服务号模板消息', hint: '关注了服务号的人' },
  { value: 'sms', label: '短信', hint: '留了手机号的人，按条收费' },
]
export const STATES: Record<CampaignState, string> = {
  draft: '草稿',
  submitted: '待放行',
  released: '等时间到',
  running: '正在发',
  done: '发完了',
  stopped: '已停止',
}
/** Where a notice may lead, by the first part of its link. */
export const PLACES = { '': '消息列表', items: '办事指南', halls: '办事大厅', activities: '社区活动', topics: '议题' } as const
export type PlaceKind = keyof typeof PLACES

const MOST_NEEDED = 6

export const everybody = (): Audience => ({
  streets: [],
  communities: [],
  booked_days: null,
  halls: [],
  items: [],
  council_days: null,
  activity_days: null,
  elder_mode: false,
  verified: false,
})

/** The items a search finds; without one, those that most people booked lately. What is chosen stays. */
export function itemsToOffer(items: Options['items'], chosen: string[], wanted: string): Options['items'] {
  const taken = (one: { id: string }) => chosen.includes(one.id)
  if (wanted) return items.filter((one) => taken(one) || one.name.includes(wanted))
  const most = items.filter((one) => one.people > 0).sort((one, other) => other.people - one.people)
  return [...items.filter(taken), ...most.filter((one) => !taken(one)).slice(0, MOST_NEEDED)]
}

export interface CampaignForm {
  name: string
  title: string
  body: string
  place: PlaceKind
  placeId: string
  sms: string
  ladder: Channel[]
  audience: Audience
  /** Whether it is only for those who live somewhere: then a place has to be chosen. */
  placed: boolean
  /** As a `datetime-local` field has them, in Shanghai; empty for none. */
  sendAt: string
  expiresAt: string
}

const localMoment = (moment: string | null) => (moment ? stamp(moment).replace(' ', 'T') : '')

/** The form of a campaign; without one, an empty form. */
export function formOf(one: Campaign | null): CampaignForm {
  const [, place = '', placeId = ''] = (one?.link ?? '').split('/')
  return {
    name: one?.name ?? '',
    title: one?.title ?? '',
    body: one?.body ?? '',
    place: place as PlaceKind,
    placeId,
    sms: one?.sms ?? '',
    ladder: [...(one?.ladder ?? (['wechat_subscribe', 'wechat_service'] as Channel[]))],
    audience: structuredClone({ ...everybody(), ...one?.audience }) as Audience,
    placed: Boolean(one?.audience.streets?.length || one?.audience.communities?.length),
    sendAt: localMoment(one?.send_at ?? null),
    expiresAt: localMoment(one?.expires_at ?? null),
  }
}

/** A copy to be written on: the same words and people, no times. */
export const copyOf = (one: Campaign): CampaignForm => ({
  ...formOf(one),
  name: `${one.name}（再发）`.slice(0, 60),
  sendAt: '',
  expiresAt: '',
})

export function bodyOf(form: CampaignForm): CampaignBody {
  return {
    name: form.name.trim(),
    title: form.title.trim(),
    body: form.body.trim(),
    link: form.place && form.placeId ? `/${form.place}/${form.placeId}` : '',
    sms: form.ladder.includes('sms') ? form.sms.trim() : '',
    ladder: form.ladder,
    audience: form.audience,
    send_at: momentValue(form.sendAt) || null,
    expires_at: momentValue(form.expiresAt) || null,
  }
}

/** What keeps it from being saved, by field; the server says what keeps it from being submitted. */
export function formProblems(form: CampaignForm): Record<string, string> {
  const found: Record<string, string> = {}
  if (!form.name.trim()) found.name = '请写名称，方便同事认'
  if (form.place && !form.placeId) found.link = `请选${PLACES[form.place]}`
  const { booked_days, halls, items, streets, communities } = form.audience
  // Nothing chosen would mean everybody: the opposite of what was ticked.
  if (form.placed && !streets.length && !communities.length) found.places = '请勾选街道或社区；要发给所有人，就把「住在这些地方」去掉'
  if ((halls.length || items.length) && booked_days === null) found.booked_days = '请填近几天预约过'
  for (const key of ['booked_days', 'council_days', 'activity_days'] as const) {
    const days = form.audience[key]
    if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= 365)) found[key] = '填 1 到 365 天'
  }
  return found
}

/** What a draft may lack, and a campaign that is submitted may not. */
export function missingWords(form: CampaignForm): Record<string, string> {
  const found: Record<string, string> = {}
  if (!form.title.trim()) found.title = '请写标题'
  if (!form.body.trim()) found.body = '请写正文'
  if (form.ladder.includes('sms') && !form.sms.trim()) found.sms = '选了短信，请写短信内容'
  return found
}

/** How many text messages a text with its signature counts as: 70 characters in one, else 67 in each part. */
export const smsParts = (text: string): number => (text.length <= 70 ? 1 : Math.ceil(text.length / 67))

/** A card's row holds so many characters (`thing` of WeChat's templates). */
const ROW = 20
/** Where the words of a blank notice stand, as the server draws it. */
const BLANKS = { title: '〔标题〕', body: '〔正文〕', sms: '〔短信〕' }

/** How it looks while it is being written: the server's blank notice with these words in it. */
export function previewOf(form: CampaignForm, blank: Preview): Preview {
  const words = {
    title: form.title.trim() || '（还没有标题）',
    body: form.body.trim() || '（还没有正文）',
    sms: form.sms.trim() || '（还没有短信内容）',
  }
  const filled = (text: string) =>
    (Object.keys(BLANKS) as (keyof typeof BLANKS)[]).reduce((found, key) => found.replace(BLANKS[key], () => words[key]), text)
  const card = (found: Preview['subscribe']) =>
    found && {
      ...found,
      rows: found.rows.map((row) => {
        const value = filled(row.value)
        const changed = row.key.startsWith('thing') && value.length > ROW
        return { ...row, value: changed ? `${value.slice(0, ROW - 1)}…` : value, changed }
      }),
    }
  const text = filled(blank.sms?.text ?? '')
  const length = text.length + (blank.sms?.sign ? blank.sms.sign.length + 2 : 0)
  return {
    ...blank,
    title: filled(blank.title),
    body: filled(blank.body),
    ladder: form.ladder,
    subscribe: card(blank.subscribe),
    service: card(blank.service),
    sms: blank.sms && form.ladder.includes('sms') ? { ...blank.sms, text, length, parts: smsParts('字'.repeat(length)) } : null,
  }
}

/** What a filter names, put into groups by street for the choice of communities. */
export const communitiesOf = (options: Pick<Options, 'communities'>, street: string) =>
  options.communities.filter((one) => one.street_id === street)

/** The list with this one in it, or taken out of it. */
export const switched = (list: string[], id: string): string[] =>
  list.includes(id) ? list.filter((one) => one !== id) : [...list, id]

/** A whole street in or out; it says more than its communities, which go out with it coming in. */
export function withStreet(audience: Audience, street: string, options: Pick<Options, 'communities'>): Audience {
  const inside = new Set(communitiesOf(options, street).map((one) => one.id))
  return {
    ...audience,
    streets: switched(audience.streets, street),
    communities: audience.communities.filter((one) => !inside.has(one)),
  }
}

/** The order in which the ladder is tried stays that of `CHANNELS`. */
export const toggled = (ladder: Channel[], channel: Channel): Channel[] =>
  CHANNELS.map((one) => one.value).filter((one) => (one === channel ? !ladder.includes(one) : ladder.includes(one)))

/** Parts of a whole in percent, for a bar: handed over, waiting, failed, stopped, inbox alone. */
export function shares(progress: Progress): { key: string; label: string; messages: number; percent: number }[] {
  const parts: [string, string, number][] = [
    ['handed', '交给通道', progress.handed],
    ['waiting', '还没发', progress.waiting],
    ['failed', '没有发成', progress.failed],
    ['stopped', '停下没发', progress.stopped],
    ['inbox', '只在站内', progress.inbox_only],
  ]
  const total = parts.reduce((sum, [, , number]) => sum + number, 0)
  return parts.map(([key, label, messages]) => ({ key, label, messages, percent: total ? (messages / total) * 100 : 0 }))
}

/** What becomes of a campaign next, in one sentence. */
export function nextText(one: Campaign): string {
  if (one.state === 'draft') return one.reason ? `退回修改：${one.reason}` : '写好后提交，由另一位同事放行'
  if (one.state === 'submitted') return one.why_not_release || '等另一位同事看过后放行'
  if (one.state === 'released') return '时间到了自动开始发；现在还能停'
  if (one.state === 'running') return one.written < one.counted ? '正在一批一批写给收信人' : '都写好了，正在发出'
  if (one.state === 'done') return '都发出去了'
  return one.reason ? `停止原因：${one.reason}` : '没有发过'
}
