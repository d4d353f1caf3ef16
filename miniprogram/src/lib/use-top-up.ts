import { loadConsent, topUp } from '@/stores/consent'
import { loadSession, signedIn } from '@/stores/session'
import { platform } from '#platform'

/**
 * For the tap that sends something: grants its reminders again where the person told WeChat always
 * to allow them. What WeChat keeps is learnt beforehand, since the tap cannot wait.
 */
export function useTopUp(keys: string[]): () => void {
  if (platform.hasSubscriptionPage) {
    loadSession()
      .then(() => (signedIn.value ? loadConsent() : undefined))
      .catch(() => undefined)
  }
  return () => topUp(keys)
}
