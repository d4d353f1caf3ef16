import type { Playing, Recording, Voice } from '../types'

const FORMAT = { format: 'mp3', sampleRate: 16_000, numberOfChannels: 1, encodeBitRate: 48_000 } as const

export async function recordVoice(mostSeconds: number): Promise<Recording> {
  const manager = uni.getRecorderManager()
  return new Promise((begun, refused) => {
    let from = Date.now()
    const done = new Promise<Voice>((resolve, reject) => {
      manager.onStop(({ tempFilePath }) =>
        resolve({ path: tempFilePath, seconds: Math.min(mostSeconds, Math.round((Date.now() - from) / 1000)) }),
      )
      manager.onError((error) => {
        const reason = new Error(error?.errMsg ?? 'recording failed')
        refused(reason)
        reject(reason)
      })
    })
    // Whoever was refused the start never sees the note.
    done.catch(() => undefined)
    manager.onStart(() => {
      from = Date.now()
      begun({ done, stop: () => manager.stop() })
    })
    manager.start({ ...FORMAT, duration: mostSeconds * 1000 })
  })
}

export function playVoice(path: string): Playing {
  const audio = uni.createInnerAudioContext()
  audio.src = path
  const ended = new Promise<void>((resolve, reject) => {
    audio.onEnded(() => resolve())
    audio.onStop(() => resolve())
    audio.onError(() => reject(new Error('cannot play')))
  }).finally(() => audio.destroy())
  audio.play()
  return { ended, stop: () => audio.stop() }
}
