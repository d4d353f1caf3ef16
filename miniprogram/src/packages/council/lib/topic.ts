import type { PostNotice, TopicCard } from '@/api/council'
import { countdown, moment } from '@/lib/format'

type Tone = 'brand' | 'good' | 'warn' | 'bad' | 'plain'

export const topicTone = ({ state, open, passed }: Pick<TopicCard, 'state' | 'open' | 'passed'>): Tone => {
  if (state === 'voting' || state === 'seconding') return 'warn'
  if (passed === true || state === 'carrying_out' || state === 'closed') return 'good'
  return open ? 'brand' : 'plain'
}

/** When what comes next comes: 最晚明天 17:00（还有 1 天 3 小时）. '' without a day. */
export function byWhen(at: string | null, now: Date): string {
  if (!at) return ''
  const left = countdown(at, now)
  return left ? `最晚${moment(at, now)}，${left}` : `应在 ${moment(at, now)} 前，已经到时间`
}

export const noticeTone = ({ experience }: Pick<PostNotice, 'experience'>): Tone =>
  experience === 'refused' || experience === 'hidden' ? 'bad' : experience === 'under_review' ? 'warn' : 'brand'

/** The one word above a notice; the text below it is the server's. */
export const noticeTag = ({ experience }: Pick<PostNotice, 'experience'>): string =>
  ({ refused: '没有通过检查', under_review: '人工查看中', unavailable: '稍后检查', checking: '正在检查', hidden: '已隐藏' })[experience]

/** The stages as the list of a community is parted. */
export const PARTS: { code: string; text: string }[] = [
  { code: 'open', text: '正在议' },
  { code: 'voting', text: '表决中' },
  { code: 'carrying_out', text: '落实中' },
  { code: 'ended', text: '已结束' },
  { code: 'mine', text: '我提的' },
]
