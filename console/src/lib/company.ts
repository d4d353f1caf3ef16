import type { Company } from '@/api/types'

/** How an appointment came about and who comes with it, in a clerk's words. */

const SOURCES: Record<string, string> = { walk_in: '现场取号', paper: '纸质名单补录' }
const CHANNELS: Record<string, string> = { on_site: '现场号', elderly: '长者号', video: '视频办理，人不在大厅' }

/** 张*明 代办; nothing for who comes himself. */
export const agentText = (row: Company) => (row.agent ? `${row.agent.name} 代办` : '')

/** With the relation and whether the consent still holds. */
export function consentText(row: Company): string {
  if (!row.agent) return ''
  return [row.agent.relation, row.agent.consent_state_text].filter(Boolean).join('，')
}

export const consentHolds = (row: Company) => row.agent?.consent_holds !== false

export function visitText(row: Company): string {
  if (!row.visit) return ''
  return row.visit.kind === 'group' ? `一起来 ${row.visit.count} 人` : `一次办 ${row.visit.count} 件`
}

/** What is not the usual booking through the network; nothing for that. */
export function wayText(row: Company): string {
  return (row.source && SOURCES[row.source]) || (row.channel && CHANNELS[row.channel]) || ''
}

/** In one line, for lists and the window. */
export const companyText = (row: Company) => [agentText(row), visitText(row), wayText(row)].filter(Boolean).join(' · ')
