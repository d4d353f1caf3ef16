import type { CheckIn } from './types'
import { Client } from './client'
import type { components } from './schema'

/** Calls of a machine at the door: it shows its own key and has no session. */

type Schemas = components['schemas']
export type KioskHome = Schemas['KioskHome']
export type KioskTicket = Schemas['KioskTicket']

const STORED = 'hy.kiosk.key'
export const storedKey = () => localStorage.getItem(STORED) ?? ''
export function storeKey(key: string): void {
  if (key) localStorage.setItem(STORED, key)
  else localStorage.removeItem(STORED)
}

const PRINTS = 'hy.kiosk.prints'
/** Whether this machine has a printer for slips. */
export const storedPrinter = () => localStorage.getItem(PRINTS) === 'yes'
export function storePrinter(there: boolean): void {
  if (there) localStorage.setItem(PRINTS, 'yes')
  else localStorage.removeItem(PRINTS)
}

/** A fresh one for each visitor, so that nothing of the one before is left in the machine's memory. */
export function kioskCalls(key: string) {
  const client = new Client({ headers: { 'X-Kiosk-Key': key } })
  return {
    home: () => client.get<KioskHome>('/kiosk/hall'),
    checkIn: (shown: CheckIn) => client.send<KioskTicket>('POST', '/kiosk/check-ins', shown),
    walkIn: (group: string) => client.send<KioskTicket>('POST', '/kiosk/walk-ins', { group }),
  }
}
export type KioskCalls = ReturnType<typeof kioskCalls>
