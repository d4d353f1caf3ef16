import { client } from './client'
import type { Account, Page, RevealRow, RoleChoice, RoleInfo } from './types'

/** Calls about staff accounts, their roles, and who looked at personal data. */

export const accountPage = (q: string, cursor?: string | null) =>
  client.get<Page<Account>>('/staff/accounts', { q, cursor, limit: 100 })

export const roleList = () => client.get<Page<RoleInfo>>('/staff/roles')

export interface NewAccount {
  username: string
  name: string
  roles: RoleChoice[]
}

/** Answers that hold a password are not replayed by the server, so these are sent only once. */
const ONCE = { retries: 0 }

export const createAccount = (body: NewAccount) =>
  client.send<Account & { initial_password: string }>('POST', '/staff/accounts', body, ONCE)

export const changeAccount = (
  id: string,
  body: { name?: string; roles?: RoleChoice[]; disabled?: boolean },
) => client.send<Account>('PATCH', `/staff/accounts/${id}`, body)

export const resetPassword = (id: string) =>
  client.send<{ temporary_password: string }>('POST', `/staff/accounts/${id}/password-resets`, {}, ONCE)

export const resetTotp = (id: string) => client.send<Account>('POST', `/staff/accounts/${id}/totp-resets`, {})

export const revealPage = (cursor?: string | null) =>
  client.get<Page<RevealRow>>('/staff/reveals', { cursor, limit: 100 })
