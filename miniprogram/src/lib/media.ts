import { credentials } from '@/api/credentials'
import { fileAddress } from '@/api/http'
import { platform } from '#platform'

const known = new Map<string, Promise<string>>()

/** Where a picture or voice note of an answer can be shown from; '' when it cannot be had now. */
export function shown(url: string): Promise<string> {
  const before = known.get(url)
  if (before) return before
  const asking = platform.media(fileAddress(url), credentials.headers(false)).catch(() => '')
  known.set(url, asking)
  // What failed is asked for again next time.
  void asking.then((path) => path || known.delete(url))
  return asking
}
