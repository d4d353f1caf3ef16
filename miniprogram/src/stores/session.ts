import { computed, ref } from 'vue'
import { sessions } from '@/api'
import { credentials } from '@/api/credentials'
import { watchSession } from '@/api/http'
import type { Me, SignedIn } from '@/api/types'
import { drafts } from './drafts'
import { applyElder } from './elder'
import { unread } from './unread'

/** Who is signed in; null is nobody. */
export const person = ref<Me | null>(null)
/** False until the server has said who is signed in. */
export const known = ref(false)
export const signedIn = computed(() => person.value !== null)
export const verified = computed(() => person.value?.verified === true)

let asked: Promise<void> | null = null

/** Drops all that belongs to a person from this device. */
export function forget(): void {
  person.value = null
  unread.value = 0
  credentials.forget()
}

/** Learns who is signed in, once; `again` asks anew. */
export function loadSession(again = false): Promise<void> {
  if (again) asked = null
  asked ??= sessions.current().then(
    (answer) => {
      credentials.keep(answer)
      person.value = answer.person
      known.value = true
      if (answer.person?.elder_mode) applyElder(true)
    },
    (error) => {
      asked = null
      throw error
    },
  )
  return asked
}

export function enter(answer: SignedIn): void {
  credentials.keep(answer)
  person.value = answer.person
  known.value = true
  if (answer.person.elder_mode) applyElder(true)
}

/** Ends the session here and on the server; throws when the server could not be told. */
export async function leave(key: string): Promise<void> {
  await sessions.end(key)
  forget()
  drafts.clear()
  // A browser needs a fresh CSRF token before its next sign-in.
  await loadSession(true)
}

watchSession({
  signedOut: () => {
    forget()
    asked = null
  },
  renewCsrf: async () => {
    await loadSession(true)
    return true
  },
})
