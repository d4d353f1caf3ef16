import type { Release, ReleaseDay, ShownRelease } from '@/api/supply'
import { momentText } from './format'

/** When a hall gives its places out, as it is edited. */
export interface ReleaseForm {
  timed: boolean
  days: number
  at: string
  twice: boolean
  percent: number
  restDays: number
  restAt: string
  offerMinutes: number
}

const USUAL = { days: 5, percent: 60, restDays: 1, restAt: '18:00' }

/** What is not in use yet begins with what most halls do. */
export function releaseForm(shown: ShownRelease): ReleaseForm {
  const twice = shown.first_percent < 100
  return {
    timed: shown.release_days !== null,
    days: shown.release_days ?? Math.min(USUAL.days, shown.days_ahead),
    at: shown.release_time,
    twice,
    percent: twice ? shown.first_percent : USUAL.percent,
    restDays: twice ? shown.rest_days : USUAL.restDays,
    restAt: twice ? shown.rest_time : USUAL.restAt,
    offerMinutes: shown.offer_minutes,
  }
}

export function releaseBody(form: ReleaseForm): Release {
  const twice = form.timed && form.twice
  return {
    release_days: form.timed ? form.days : null,
    release_time: form.at,
    first_percent: twice ? form.percent : 100,
    rest_days: form.restDays,
    rest_time: form.restAt,
    offer_minutes: form.offerMinutes,
  }
}

const between = (value: number, low: number, high: number) => Number.isInteger(value) && value >= low && value <= high
const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text)

/** What is wrong with the rule, by the name of its field. */
export function releaseProblems(form: ReleaseForm, daysAhead: number): Record<string, string> {
  const found: Record<string, string> = {}
  if (!between(form.offerMinutes, 5, 1440)) found.offer = '填 5 到 1440 分钟'
  if (!form.timed) return found
  if (!between(form.days, 0, daysAhead)) found.days = `这个大厅最多提前 ${daysAhead} 个工作日预约`
  if (!isTime(form.at)) found.at = '填几点几分'
  if (!form.twice) return found
  if (!between(form.percent, 1, 99)) found.percent = '填 1 到 99'
  if (!between(form.restDays, 0, 20)) found.restDays = '填 0 到 20'
  if (!isTime(form.restAt)) found.restAt = '填几点几分'
  const later = form.restDays < form.days || (form.restDays === form.days && form.restAt > form.at)
  if (!found.days && !found.restDays && !later) found.restDays = '第二批要晚于第一批'
  return found
}

const ahead = (days: number) => (days ? `提前 ${days} 个工作日` : '当天')

/** The rule in one sentence. */
export function releaseText(body: Release): string {
  if (body.release_days === null) return '日子一进入可约范围，名额就全放出来'
  const first = `${ahead(body.release_days)}的 ${body.release_time} 放出`
  if (body.first_percent === 100) return `${first}全部名额`
  return `${first} ${body.first_percent}%，${ahead(body.rest_days)}的 ${body.rest_time} 放出其余的`
}

/** The two batches of a coming day, in words. */
export function batchTexts(day: ReleaseDay): [string, string] {
  const when = day.first_at ? momentText(day.first_at) : '进入可约范围就放'
  return [
    `${when}，${day.first_places} 个`,
    day.rest_at ? `${momentText(day.rest_at)}，${day.places - day.first_places} 个` : '—',
  ]
}
