import { ref } from 'vue'
import { me } from '@/api'
import type { NotificationGrant, SubscribeResult } from '@/api/types'
import { decline, question, silent, type Declined, type Known } from '@/lib/consent'
import { uuid } from '@/lib/uuid'
import type { Subscriptions } from '@/platform/types'
import { platform } from '#platform'
import { config, loadConfig } from './config'
import { signedIn } from './session'

const KEY = 'declined-reminders'

/** What the signed-in person granted; null until it is known. */
export const grants = ref<NotificationGrant[] | null>(null)
/** What WeChat keeps as 'always'; null where the platform keeps nothing, or before it is known. */
export const kept = ref<Subscriptions | null>(null)
const declined = ref<Declined>((uni.getStorageSync(KEY) as Declined | '') || {})

function keepDeclined(next: Declined): void {
  declined.value = next
  uni.setStorageSync(KEY, next)
}

/** Learns what is granted and what WeChat keeps; throws when the server cannot be asked. */
export async function loadConsent(): Promise<void> {
  const [, answer, own] = await Promise.all([
    loadConfig(),
    me.grants(),
    platform.subscriptions().catch(() => null),
  ])
  grants.value = answer.items
  kept.value = own
}

const known = (): Known => ({
  templates: config.value?.subscribe_templates ?? [],
  grants: grants.value ?? [],
  kept: kept.value,
  declined: declined.value,
  now: Date.now(),
})

/** The templates worth a question now; none before it is known what is granted. */
export const worthAsking = (keys: string[]) => (grants.value ? question(keys, known()) : [])

/** Remembers a 'no', so that the same is not asked at every turn. */
export function declinedNow(keys: string[]): void {
  keepDeclined(keys.reduce((all, key) => decline(all, key, Date.now()), declined.value))
}

/** Tells the server what the person answered, and keeps it for the next question. */
export async function tellAnswers(results: Record<string, SubscribeResult>, key: string): Promise<void> {
  grants.value = (await me.addGrants(results, key)).items
  const templates = (config.value?.subscribe_templates ?? []).filter(({ template_id }) => template_id in results)
  declinedNow(templates.filter(({ template_id }) => results[template_id] !== 'accept').map(({ key: of }) => of))
  const agreed = templates.filter(({ template_id }) => results[template_id] === 'accept').map(({ key: of }) => of)
  keepDeclined(Object.fromEntries(Object.entries(declined.value).filter(([of]) => !agreed.includes(of))))
}

/**
 * Grants again what the person told WeChat always to allow; WeChat shows no question then. Must
 * be called from a tap; what goes wrong is asked about later as usual.
 */
export function topUp(keys: string[]): void {
  const wanted = signedIn.value && grants.value ? silent(keys, known()) : []
  if (!wanted.length) return
  platform
    .subscribe(wanted.map(({ template_id }) => template_id))
    .then((results) => tellAnswers(results, uuid()))
    .catch(() => undefined)
}
