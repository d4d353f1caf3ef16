import { client } from './client'
import type {
  Account,
  AccountChange,
  CreatedAccount,
  NewAccount,
  Page,
  RevealRow,
  RoleInfo,
  TemporaryPassword,
} from './types'

/** Calls about staff accounts, their roles, and who looked at personal data. */

export const accountPage = (q: string, cursor?: string | null) =>
  client.get<Page<Account>>('/staff/accounts', { q, cursor, limit: 100 })

export const roleList = () => client.get<Page<RoleInfo>>('/staff/roles')

/** Answers that hold a password are not replayed by the server, so these are sent only once. */
const ONCE = { retries: 0 }

export const createAccount = (body: NewAccount) =>
  client.send<CreatedAccount>('POST', '/staff/accounts', body, ONCE)

export const changeAccount = (id: string, body: AccountChange) =>
  client.send<Account>('PATCH', `/staff/accounts/${id}`, body)

export const resetPassword = (id: string) =>
  client.send<TemporaryPassword>('POST', `/staff/accounts/${id}/password-resets`, {}, ONCE)

export const resetTotp = (id: string) => client.send<Account>('POST', `/staff/accounts/${id}/totp-resets`, {})

export const revealPage = (cursor?: string | null) =>
  client.get<Page<RevealRow>>('/staff/reveals', { cursor, limit: 100 })
