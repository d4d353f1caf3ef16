import { client } from './client'
import type { components } from './schema'

/** Calls about the groups and systems that are told what waits for a unit. */

type Schemas = components['schemas']
export type Hook = Schemas['StaffHook']
export type HookList = Schemas['StaffHookList']
export type Dialect = Hook['dialect']
/** What is edited; an address or a secret left empty stays as it was. */
export interface HookForm {
  name: string
  dialect: Dialect
  unit_id: string | null
  kinds: string[]
  address: string
  secret: string
  active: boolean
}

const PATH = '/staff/message-hooks'
export const hookList = () => client.get<HookList>(PATH)
export const addHook = ({ name, dialect, unit_id, kinds, address, secret }: HookForm) =>
  client.send<Hook>('POST', PATH, { name, dialect, unit_id, kinds, address, secret })
export const changeHook = (hook: Hook, { name, unit_id, kinds, address, secret, active }: HookForm) =>
  client.send<Hook>(
    'PUT',
    `${PATH}/${hook.id}`,
    { name, unit_id, kinds, address, secret, active },
    { headers: { 'If-Match': `"${hook.etag}"` } },
  )
export const tryHook = (id: string) => client.send<Hook>('POST', `${PATH}/${id}/tries`)
