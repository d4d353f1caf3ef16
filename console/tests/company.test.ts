import { describe, expect, it } from 'vitest'
import type { Company } from '@/api/types'
import { agentText, companyText, consentHolds, consentText, visitText, wayText } from '@/lib/company'

const alone: Company = { agent: null, visit: null, source: 'booked', channel: 'online' }

describe('who comes with an appointment', () => {
  const row: Company = {
    agent: { name: '李*', relation: '子女', consent_holds: false, consent_state_text: '已撤回' },
    visit: { id: 'v', kind: 'items', count: 3 },
    source: 'booked',
    channel: 'elderly',
  }
  it('is said in words', () => {
    expect([agentText(row), consentText(row), visitText(row), wayText(row)]).toEqual(['李* 代办', '子女，已撤回', '一次办 3 件', '长者号'])
    expect([consentHolds(row), consentHolds(alone)]).toEqual([false, true])
    expect(companyText(row)).toBe('李* 代办 · 一次办 3 件 · 长者号')
  })
  it('is nothing for who booked for himself', () => {
    expect(companyText(alone)).toBe('')
    expect(wayText({ ...alone, source: 'walk_in', channel: 'on_site' })).toBe('现场取号')
    expect(visitText({ ...alone, visit: { id: 'v', kind: 'group', count: 4 } })).toBe('一起来 4 人')
  })
})
