import { reactive, watch } from 'vue'
import type { NewReport } from '@/api/events'
import type { Point } from '@/platform/types'
import { whereOf } from '@/lib/place'
import { drafts } from '@/stores/drafts'
import { photo } from '@/stores/outbox'

export interface Draft {
  /** Keys of kept files. */
  photos: string[]
  words: string
  voice: { key: string; seconds: number } | null
  place: { point: Point | null; address: string }
  /** What the reporter chose; '' follows the suggestion. */
  category: { code: string; name: string }
  confidential: boolean
}

const NAME = 'report'
const empty = (): Draft => ({
  photos: [], words: '', voice: null, place: { point: null, address: '' }, category: { code: '', name: '' }, confidential: false,
})

/** A report being written; kept on the device from the first letter on. */
export function useDraft() {
  const draft = reactive<Draft>({ ...empty(), ...drafts.load<Draft>(NAME) })
  watch(draft, () => drafts.save(NAME, { ...draft }), { deep: true })
  return { draft, forget: () => drafts.drop(NAME) }
}

/** What must be said before the rest can go on, by field. */
export function missing(draft: Draft): { words: string; place: string } {
  return {
    words: draft.words.trim() || draft.voice ? '' : '请写一句话，或说一段语音',
    place: draft.place.point || draft.place.address.trim() ? '' : '请告诉我们在哪里：定位、在地图上选，或写几个字',
  }
}

/** The body as the server takes it; files stand as places in the list of attachments. */
export const bodyOf = (draft: Draft, category: string): NewReport => ({
  words: draft.words.trim(),
  category_code: category || null,
  address: draft.place.address.trim(),
  ...whereOf(draft.place.point),
  file_ids: draft.photos.map((_key, index) => photo(index)),
  voice_id: draft.voice ? photo(draft.photos.length) : null,
  confidential: draft.confidential,
})

export const attachmentsOf = (draft: Draft) => [
  ...draft.photos.map((key) => ({ key, purpose: 'event_photo' as const })),
  ...(draft.voice ? [{ key: draft.voice.key, purpose: 'event_voice' as const }] : []),
]
