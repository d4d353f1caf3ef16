import { upload } from '@/api/http'
import { uuid } from '@/lib/uuid'
import { keptFiles } from '@/stores/kept-files'
import { ApiError } from '@/api/errors'

/** Sends pictures that wait on the phone; what has been sent once is not sent again. */
export function usePictures(path: '/topic-files' | '/home-files') {
  const sent = new Map<string, string>()
  const keys = new Map<string, string>()

  async function one(kept: string): Promise<string> {
    const before = sent.get(kept)
    if (before) return before
    const file = await keptFiles.url(kept)
    if (!file) throw new ApiError({ title: '照片不在了', code: 'lost_picture', action: '请删掉这张，重新选' })
    const key = keys.get(kept) ?? uuid()
    keys.set(kept, key)
    const { id } = await upload<{ id: string }>(path, file, {}, key)
    sent.set(kept, id)
    return id
  }

  /** Their ids on the server, in order. Throws ApiError. */
  async function send(kept: string[]): Promise<string[]> {
    const ids: string[] = []
    for (const key of kept) ids.push(await one(key))
    return ids
  }
  const forget = (kept: string[]): void => kept.forEach((key) => void keptFiles.drop(key).catch(() => undefined))
  return { send, forget }
}
