import type { Listening } from '../types'

/** Named by hand: the DOM types of TypeScript do not know speech recognition. */
interface Recogniser {
  lang: string
  interimResults: boolean
  processLocally: boolean
  onresult: (event: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void
  onerror: (event: { error: string }) => void
  onend: () => void
  start(): void
  stop(): void
}
interface RecogniserClass {
  new (): Recogniser
  available?: (options: { langs: string[]; processLocally: boolean }) => Promise<string>
}

const LANGUAGE = 'zh-CN'
const known = (): RecogniserClass | undefined =>
  (globalThis as unknown as { SpeechRecognition?: RecogniserClass }).SpeechRecognition

/** Only a browser that understands speech by itself: what is said is sent to nobody. */
export async function canListen(): Promise<boolean> {
  try {
    return (await known()?.available?.({ langs: [LANGUAGE], processLocally: true })) === 'available'
  } catch {
    return false
  }
}

export function listen(heard: (words: string) => void): Listening {
  const Kind = known()
  if (!Kind) return { done: Promise.reject(new Error('no speech recognition')), stop: () => undefined }
  const recogniser = new Kind()
  Object.assign(recogniser, { lang: LANGUAGE, interimResults: true, processLocally: true })
  recogniser.onresult = ({ results }) => heard(Array.from(results, (best) => best[0].transcript).join(''))
  const done = new Promise<void>((resolve, reject) => {
    recogniser.onend = () => resolve()
    recogniser.onerror = ({ error }) => reject(new Error(error))
  })
  recogniser.start()
  return { done, stop: () => recogniser.stop() }
}
