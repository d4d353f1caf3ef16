import type { CheckIn } from '@/api/types'

/** Six digits are the code, eighteen an identity card's (a reader types them), the rest a QR code. */
export function whatWasShown(scanned: string): CheckIn {
  const text = scanned.trim()
  if (/^\d{6}$/.test(text)) return { code: text }
  if (/^\d{17}[\dXx]$/.test(text)) return { id_number: text }
  return { token: text }
}
