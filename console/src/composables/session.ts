import { reactive, readonly } from 'vue'
import { client } from '@/api/client'
import type { Config, DemoStaff, Page, Staff, StaffSession, StaffSignIn } from '@/api/types'

const CHOSEN_HALL = 'hy.console.hall'

interface State {
  ready: boolean
  staff: Staff | null
  config: Config | null
  hallId: string | null
}

const state = reactive<State>({ ready: false, staff: null, config: null, hallId: null })

export const session = readonly(state) as Readonly<State>

/** Takes over a fresh session: after sign-in, enrolment, or a changed password. */
export function adopt(answer: StaffSession): void {
  client.useCsrf(answer.csrf_token)
  state.staff = answer.staff
  const halls = answer.staff?.halls ?? []
  const kept = localStorage.getItem(CHOSEN_HALL)
  state.hallId = (halls.find((hall) => hall.id === kept) ?? halls[0])?.id ?? null
}

/** Asks once who is signed in; throws a Problem when the server cannot be reached. */
export async function loadSession(): Promise<void> {
  const [config, answer] = await Promise.all([
    state.config ? Promise.resolve(state.config) : client.get<Config>('/config'),
    client.get<StaffSession>('/staff/session'),
  ])
  state.config = config
  adopt(answer)
  state.ready = true
}

export async function signIn(body: StaffSignIn): Promise<StaffSession> {
  const answer = await client.send<StaffSession>('POST', '/staff/sessions', body, { retries: 0 })
  adopt(answer)
  return answer
}

export async function signInDemo(username: string): Promise<StaffSession> {
  const answer = await client.send<StaffSession>('POST', '/staff/sessions/demo', { username })
  adopt(answer)
  return answer
}

export async function demoStaff(): Promise<DemoStaff[]> {
  return (await client.get<Page<DemoStaff>>('/demo/staff')).items
}

export async function signOut(): Promise<void> {
  await client.send('DELETE', '/staff/session')
  forget()
}

export function forget(): void {
  client.useCsrf(null)
  state.staff = null
  state.hallId = null
}

export function chooseHall(id: string): void {
  state.hallId = id
  localStorage.setItem(CHOSEN_HALL, id)
}

export function hallName(): string {
  return state.staff?.halls.find((hall) => hall.id === state.hallId)?.name ?? ''
}
