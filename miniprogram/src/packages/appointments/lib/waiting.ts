import type { Entry, Offer } from '@/api/booking'
import { moment } from '@/lib/format'

/** The words for waiting for a place of a full day. */
export const entryTone = ({ state }: Entry) =>
  state === 'offered' || state === 'booked' ? ('good' as const) : state === 'waiting' ? ('brand' as const) : ('plain' as const)

export function entryLine({ state, ahead }: Entry): string {
  if (state === 'waiting') return ahead ? `正在候补，前面还有 ${ahead} 人` : '正在候补，您排在最前面'
  if (state === 'offered') return '轮到您了，给您留了一个名额'
  if (state === 'booked') return '候补到了，已经约上'
  return state === 'left' ? '您已经退出候补' : '候补结束了，没有等到'
}

export function entryNext({ state, offer }: Entry, now: Date): string {
  if (state === 'waiting') return '有名额时发消息给您，不用一直看着'
  if (state === 'offered') return offer ? `请在${moment(offer.expires_at, now)}前决定，过了就给下一位` : '请尽快决定，过了时间就给下一位'
  if (state === 'booked') return '在「我的预约」里看凭证'
  return '要办可以换一天约'
}

/** Which part of the day suits; '' for all of it. */
export function entryPart({ earliest, latest }: Pick<Entry, 'earliest' | 'latest'>): string {
  const short = (time: string) => time.slice(0, 5)
  if (earliest && latest) return `，${short(earliest)} 到 ${short(latest)}`
  if (earliest) return `，${short(earliest)} 以后`
  return latest ? `，${short(latest)} 以前` : ''
}

/** Still to be taken or left. */
export const isOpen = (offer: Offer, now: Date): boolean =>
  offer.state === 'open' && Date.parse(offer.expires_at) > now.getTime()
