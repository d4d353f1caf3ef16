import { ApiError } from '@/api/errors'
import { events } from '@/api/events'

/** The event behind one of the person's own numbers: a receipt names the call, not the event. */
export async function eventIdOf(receipt: string): Promise<string> {
  let cursor: string | null | undefined
  do {
    const page = await events.mine(undefined, cursor)
    const found = page.items.find(({ number }) => number === receipt)
    if (found) return found.id
    cursor = page.next_cursor
  } while (cursor)
  throw new ApiError({ title: '没找到这件事', status: 404, action: '请在「我的上报」里看看' })
}
