/** Two quiet notes for a new call; off until somebody turns it on. */

const KEY = 'hy.console.chime'
let context: AudioContext | null = null

export const chimeIsOn = () => localStorage.getItem(KEY) === 'on'

/** Turning it on plays it once: that is also the gesture browsers want before any sound. */
export function setChime(on: boolean): void {
  localStorage.setItem(KEY, on ? 'on' : 'off')
  if (on) chime()
}

export function chime(): void {
  if (!chimeIsOn() || !('AudioContext' in window)) return
  context ??= new AudioContext()
  void context.resume()
  for (const [at, pitch] of [660, 880].entries()) {
    const [tone, volume] = [context.createOscillator(), context.createGain()]
    const start = context.currentTime + at * 0.16
    tone.frequency.value = pitch
    volume.gain.setValueAtTime(0.0001, start)
    volume.gain.exponentialRampToValueAtTime(0.06, start + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.3)
    tone.connect(volume).connect(context.destination)
    tone.start(start)
    tone.stop(start + 0.32)
  }
}
