import type { PublicMatter } from '@/api/types'

/** The matter found last by number and code. Kept in memory only: a query code is no part of an address. */
let found: PublicMatter | null = null

export const keepFound = (matter: PublicMatter): void => {
  found = matter
}
export const foundBefore = (receipt: string): PublicMatter | null =>
  found?.receipt_number === receipt ? found : null
