import type { Emergency, EmergencyService } from '@/api/events'

/** Used only when the server cannot be asked: better to ask once too often. */
const WORDS: [RegExp, EmergencyService][] = [
  [/着火|起火|失火|火灾|爆炸|煤气泄漏|燃气泄漏|被困/, { number: '119', name: '火警' }],
  [/晕倒|昏迷|没有呼吸|大出血|中毒|溺水|受伤|急病|猝死/, { number: '120', name: '急救' }],
  [/打架|持刀|抢劫|伤人|杀人|行凶|绑架|入室|家暴/, { number: '110', name: '报警' }],
  [/车祸|撞车|撞人|交通事故|追尾/, { number: '122', name: '交通事故' }],
]

export function emergencyIn(words: string): Emergency | null {
  const services = WORDS.filter(([pattern]) => pattern.test(words)).map(([, service]) => service)
  return services.length ? { matched: true, services, advice: '人身安全要紧：先离开危险的地方，再打电话。' } : null
}
