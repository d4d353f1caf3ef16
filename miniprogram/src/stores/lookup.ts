import type { Matter } from '@/api/types'

/** The matter found last by number and code. Kept in memory only: a query code is no part of an address. */
let found: Matter | null = null

export const keepFound = (matter: Matter): void => {
  found = matter
}
export const foundBefore = (receipt: string): Matter | null =>
  found?.receipt_number === receipt ? found : null
