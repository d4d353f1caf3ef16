import type { Playing, Recording, Voice } from '../types'
import { urlOf } from './files'

/** The first that the browser writes. MP4 comes last: what browsers write of it does not tell its length. */
const FORMATS = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4']

export const canRecord = (): boolean =>
  typeof MediaRecorder !== 'undefined' && Boolean(navigator.mediaDevices?.getUserMedia)

export async function recordVoice(mostSeconds: number): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format))
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32_000 })
  const parts: Blob[] = []
  const begun = Date.now()
  recorder.ondataavailable = ({ data }) => parts.push(data)
  const done = new Promise<Voice>((resolve, reject) => {
    recorder.onstop = () => {
      stream.getTracks().forEach((track) => track.stop())
      const type = (recorder.mimeType || mimeType || 'audio/mp4').split(';')[0]
      const seconds = Math.min(mostSeconds, Math.round((Date.now() - begun) / 1000))
      resolve({ path: urlOf(new Blob(parts, { type })), seconds })
    }
    recorder.onerror = () => reject(new Error('recording failed'))
  })
  recorder.start()
  const timer = setTimeout(stop, mostSeconds * 1000)
  function stop(): void {
    clearTimeout(timer)
    if (recorder.state !== 'inactive') recorder.stop()
  }
  return { done, stop }
}

export function playVoice(path: string): Playing {
  const audio = new Audio(path)
  const ended = new Promise<void>((resolve, reject) => {
    audio.onended = () => resolve()
    audio.onpause = () => resolve()
    audio.onerror = () => reject(new Error('cannot play'))
    audio.play().catch(reject)
  })
  return { ended, stop: () => audio.pause() }
}
