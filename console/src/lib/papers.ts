import type { Claim, PaperPath, Proxy, Transfer } from '@/api/communities'
import { dayText, momentText } from './format'

/** What people bring in for the register, all three kinds in one shape for one desk. */

export type PaperKind = 'claims' | 'transfers' | 'proxies'
export interface Paper {
  id: string
  title: string
  community: string
  state: string
  stateText: string
  /** Where it still waits for a decision. */
  waiting: string
  at: string
  version: number
  files: { id: string; url: string; small_url: string }[]
  lines: { label: string; text: string }[]
  reason: string
  /** Whoever claims a home, masked. */
  person: { name: string; phone: string; number: string } | null
  /** An owner's claim that the register knows nothing of cannot simply be confirmed. */
  warning: string
}

export const PAPER_PATHS: Record<PaperKind, PaperPath> = {
  claims: 'home-claims',
  transfers: 'home-transfers',
  proxies: 'proxies',
}
export const PAPER_STATES: Record<PaperKind, { value: string; label: string }[]> = {
  claims: [
    { value: 'claimed', label: '等确认' },
    { value: 'confirmed', label: '已确认' },
    { value: 'refused', label: '没通过' },
    { value: 'ended', label: '已解除' },
  ],
  transfers: [
    { value: 'requested', label: '等核对' },
    { value: 'confirmed', label: '已过户' },
    { value: 'refused', label: '没通过' },
    { value: 'withdrawn', label: '已撤回' },
  ],
  proxies: [
    { value: 'given', label: '等核对' },
    { value: 'confirmed', label: '有效' },
    { value: 'refused', label: '没通过' },
    { value: 'revoked', label: '已撤销' },
    { value: 'expired', label: '已到期' },
  ],
}
/** The state that waits for the community's staff. */
export const waits = (kind: PaperKind) => PAPER_STATES[kind][0]!.value

const MATCH = {
  owner: '实名与名册里这套房的产权人一致',
  known: '名册里有这个人，但不是这套房的产权人',
  none: '名册里没有这个人',
} as const

export function ofClaim(row: Claim): Paper {
  const unmatched = row.relation === 'owner' && row.register_match !== 'owner'
  return {
    ...common(row, row.claimed_at),
    title: `${row.label} · ${row.relation_text}`,
    person: { name: row.person_name, phone: row.person_phone, number: row.person_number },
    lines: [
      { label: '与房屋关系', text: row.relation_text },
      { label: '名册核对', text: MATCH[row.register_match] },
      ...said(row.words),
    ],
    warning: unmatched && row.state === 'claimed' ? `${MATCH[row.register_match]}，请先核对产权证明。` : '',
  }
}

export function ofTransfer(row: Transfer): Paper {
  return {
    ...common(row, row.requested_at),
    title: `${row.label} 过户`,
    person: null,
    lines: [
      { label: '原产权人', text: row.from_owners.join('、') || '名册里没有登记' },
      { label: '新产权人', text: row.to_owners.join('、') },
      { label: '谁提的', text: row.by_staff ? '社区按纸质材料登记' : '产权人在手机上提的' },
      ...said(row.words),
    ],
    warning: '',
  }
}

export function ofProxy(row: Proxy): Paper {
  return {
    ...common(row, row.given_at),
    waiting: '',
    title: `${row.as_text} → ${row.holder_name}`,
    person: null,
    lines: [
      { label: '谁委托', text: row.as_text },
      { label: '委托给', text: `${row.holder_name} ${row.holder_phone}` },
      { label: '管什么', text: row.scope_text },
      ...(row.until ? [{ label: '到哪天', text: dayText(row.until) }] : []),
      { label: '形式', text: row.paper ? '纸质委托书' : '手机上的电子委托' },
    ],
    warning: '',
  }
}

const said = (words: string) => (words ? [{ label: '说明', text: words }] : [])
function common(row: Claim | Transfer | Proxy, at: string) {
  return {
    id: row.id,
    community: row.community_name,
    state: row.state,
    stateText: row.state_text,
    waiting: 'waiting_text' in row ? row.waiting_text : '',
    at,
    version: row.version,
    files: row.files,
    reason: row.reason,
  }
}

/** What the desk says about one: when it came, and since when it waits. */
export const since = (paper: Paper) => [momentText(paper.at), paper.waiting].filter(Boolean).join(' · ')
