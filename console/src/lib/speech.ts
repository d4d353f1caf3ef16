/** What the big screen should say aloud: each call once, and again when it is called again. */

export interface Call {
  ticket_no: string
  called_at: string
  speech: string
}

export function callKey(call: Call): string {
  return `${call.ticket_no}@${call.called_at}`
}

/** Calls not heard yet, the earliest first; `heard` is brought up to date. */
export function unheard(calls: Call[], heard: Set<string>): Call[] {
  const fresh = calls.filter((call) => !heard.has(callKey(call)))
  const current = new Set(calls.map(callKey))
  for (const key of heard) if (!current.has(key)) heard.delete(key)
  for (const call of fresh) heard.add(callKey(call))
  return fresh.sort((a, b) => a.called_at.localeCompare(b.called_at))
}

export function canSpeak(): boolean {
  return 'speechSynthesis' in globalThis && 'SpeechSynthesisUtterance' in globalThis
}

/** Says it twice, as halls do, or as often as told; the browser queues what comes meanwhile. */
export function speak(text: string, times = 2): void {
  for (let time = 0; time < times; time += 1) {
    const words = new SpeechSynthesisUtterance(text)
    words.lang = 'zh-CN'
    words.rate = 0.9
    const voice = speechSynthesis.getVoices().find((one) => one.lang.toLowerCase().startsWith('zh'))
    if (voice) words.voice = voice
    speechSynthesis.speak(words)
  }
}

/** What the big screen says while the hall is behind the booked times; nothing while it is not. */
export const lateText = (minutes: number): string =>
  minutes > 0 ? `今天办得慢，叫号比预约时间晚约 ${minutes} 分钟。请不要走开，号码都还在。` : ''
