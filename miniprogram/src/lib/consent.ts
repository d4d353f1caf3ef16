import type { NotificationGrant, SubscribeTemplate } from '@/api/types'
import type { Subscriptions } from '@/platform/types'

/** WeChat takes no more than three templates in one question. */
const MOST = 3
const DAY_MS = 24 * 3_600_000
/** How long nothing is asked again after the first, the second and every further 'no'. */
const REST_DAYS = [3, 14, 90]

/** How often a person said no to a template, and when last. */
export type Declined = Record<string, { times: number; at: number }>

export interface Known {
  templates: SubscribeTemplate[]
  grants: NotificationGrant[]
  /** What WeChat keeps as 'always'; null where the platform keeps nothing. */
  kept: Subscriptions | null
  declined: Declined
  now: number
}

/** Whether one more consent would do something: what waits has none, or nothing is left. */
function useful(template: SubscribeTemplate, grants: NotificationGrant[]): boolean {
  const grant = grants.find((one) => one.template_id === template.template_id)
  if (!grant) return true
  if (template.long_term) return !grant.long_term
  return !grant.long_term && grant.remaining < Math.max(1, grant.waiting)
}

/** At most three, and never a one-time template beside a lasting one: WeChat refuses both (20002, 20003). */
function oneCall(templates: SubscribeTemplate[]): SubscribeTemplate[] {
  const lasting = templates.filter((one) => one.long_term)
  return (lasting.length ? lasting : templates).slice(0, MOST)
}

const resting = (declined: Declined, key: string, now: number): boolean => {
  const last = declined[key]
  return Boolean(last) && now < last.at + REST_DAYS[Math.min(last.times, REST_DAYS.length) - 1] * DAY_MS
}

const named = (keys: string[], known: Known): SubscribeTemplate[] =>
  known.kept && !known.kept.on
    ? []
    : known.templates.filter((one) => keys.includes(one.key) && useful(one, known.grants))

/** What one question is about; nothing where it was answered for good, was declined lately, or is not needed. */
export const question = (keys: string[], known: Known): SubscribeTemplate[] =>
  oneCall(
    named(keys, known).filter(
      (one) => !known.kept?.always[one.template_id] && !resting(known.declined, one.key, known.now),
    ),
  )

/** What is granted again without a question, because the person told WeChat always to allow it. */
export const silent = (keys: string[], known: Known): SubscribeTemplate[] =>
  oneCall(named(keys, known).filter((one) => known.kept?.always[one.template_id] === 'accept'))

export const decline = (declined: Declined, key: string, now: number): Declined => ({
  ...declined,
  [key]: { times: (declined[key]?.times ?? 0) + 1, at: now },
})
