import { describe, expect, it } from 'vitest'
import type { ArticleContent, ArticleVersion } from '@/api/knowledge'
import { fromQuery, toQuery } from '@/lib/addressFilter'
import { FIELD_NAMES, bodyOf, contentOf, readable } from '@/lib/articleMerge'
import {
  NO_ARTICLE_FILTER,
  chainOf,
  cannotReview,
  expiryText,
  keywordsOf,
  stepsFor,
} from '@/lib/knowledge'
import { mergeThree, resolve } from '@/lib/merging'
import { blocks, inlines } from '@/lib/markdown'
import { side, textParts } from '@/lib/textDiff'

function content(more: Partial<ArticleContent> = {}): ArticleContent {
  return {
    title: '失业保险金怎么领',
    summary: '',
    public_text: '带身份证到越和街政务服务中心。',
    internal_text: '',
    material_kind: 'guide',
    keywords: ['失业'],
    issuing_unit: '人社局',
    document_number: '',
    category_code: '',
    audience: 'public',
    region_codes: [],
    effective_on: '2026-01-01',
    expires_on: null,
    source_url: '',
    change_note: '',
    related: [],
    files: [],
    ...more,
  }
}

describe('filters in the address', () => {
  it('stand there only where they differ, and come back', () => {
    const filter = { ...NO_ARTICLE_FILTER, state: 'published', q: '社保' }
    const query = toQuery(NO_ARTICLE_FILTER, filter)
    expect(query).toEqual({ state: 'published', q: '社保' })
    expect(fromQuery(NO_ARTICLE_FILTER, query)).toEqual(filter)
  })
  it('ignore what the page does not know', () =>
    expect(fromQuery({ q: '' }, { q: ['a', 'b'], other: 'x' })).toEqual({ q: '' }))
})

describe('two people on one article', () => {
  const base = content()
  const meet = (mine: ArticleContent, theirs: ArticleContent) =>
    mergeThree(bodyOf(base), bodyOf(mine), bodyOf(theirs), FIELD_NAMES)
  it('keeps what only one of them changed, lists and dates as well', () => {
    const found = meet(content({ keywords: ['失业', '领取'] }), content({ expires_on: '2027-01-01' }))
    expect(found.clashes).toEqual([])
    expect(contentOf(found.body)).toEqual(content({ keywords: ['失业', '领取'], expires_on: '2027-01-01' }))
  })
  it('asks where both changed the same field, and takes the answer', () => {
    const found = meet(content({ title: '甲', summary: '我的' }), content({ title: '乙' }))
    expect(found.clashes).toEqual([{ name: 'title', label: '标题', mine: '甲', theirs: '乙' }])
    expect(contentOf(resolve(found, { title: 'theirs' }))).toEqual(content({ title: '乙', summary: '我的' }))
  })
  it('loses nothing on the way there and back', () => {
    const whole = content({
      region_codes: ['yh'],
      related: [{ kind: 'item', id: '1', title: '社保卡' }],
      files: [{ id: 'f', name: '申请表.pdf', audience: 'public' }],
      effective_on: null,
    })
    expect(contentOf(bodyOf(whole))).toEqual(whole)
  })
  it('sends of a file what the editor chose, and nothing else', () => {
    const file = { id: 'f', name: '申请表.pdf', audience: 'public' as const, size: 9, kind: 'pdf', url: '/x' }
    expect(contentOf(bodyOf(content({ files: [file] }))).files).toEqual([
      { id: 'f', name: '申请表.pdf', audience: 'public' },
    ])
  })
  it('tells a field in words', () => {
    const names = (_: string, code: string) => (code === 'guide' ? '办事指引' : code)
    const body = bodyOf(content({ related: [{ kind: 'item', id: '1', title: '社保卡' }], keywords: ['a', 'b'] }))
    expect(['material_kind', 'related', 'keywords', 'expires_on'].map((key) => readable(key, body[key]!, names))).toEqual([
      '办事指引',
      '社保卡',
      'a、b',
      '',
    ])
  })
})

describe('what differs between two texts', () => {
  it('is marked inside the line', () =>
    expect(textParts('每月 1,200 元\n到账', '每月 1,500 元\n到账')).toEqual([
      { op: 'same', text: '每月 1,' },
      { op: 'del', text: '2' },
      { op: 'add', text: '5' },
      { op: 'same', text: '00 元\n到账' },
    ]))
  it('gives back both texts, whatever was changed', () => {
    const pairs: [string, string][] = [
      ['', '新的'],
      ['旧的', ''],
      ['一\n二\n三', '一\n三\n四\n'],
      ['完全是别的话', 'nothing alike'],
      ['a'.repeat(900), 'b'.repeat(900)],
    ]
    for (const [from, to] of pairs) {
      const parts = textParts(from, to)
      const text = (which: 'from' | 'to') =>
        side(parts, which)
          .map((part) => part.text)
          .join('')
      expect([text('from'), text('to')]).toEqual([from, to])
    }
  })
  it('is nothing between equal texts', () => {
    expect(textParts('', '')).toEqual([])
    expect(textParts('甲', '甲')).toEqual([{ op: 'same', text: '甲' }])
  })
})

describe('articles as pages', () => {
  it('have headings, lists, tables and paragraphs', () => {
    const found = blocks('# 怎么办\n带身份证\n到窗口\n\n1. 取号\n2. 交表\n\n|档次|元|\n|--|--|\n|一|100|\n\n> 注意')
    expect(found.map((one) => one.kind)).toEqual(['heading', 'paragraph', 'list', 'table', 'quote'])
    expect(found[1]).toMatchObject({ lines: [[{ text: '带身份证' }], [{ text: '到窗口' }]] })
    expect(found[2]).toMatchObject({ ordered: true, items: [[{ text: '取号' }], [{ text: '交表' }]] })
    expect(found[3]).toMatchObject({ rows: [[[{ text: '一' }], [{ text: '100' }]]] })
  })
  it('never run what somebody planted', () => {
    expect(inlines('[点我](javascript:alert(1))')).toEqual([{ kind: 'text', text: '[点我](javascript:alert(1))' }])
    expect(inlines('<img src=x onerror=alert(1)>')[0]?.kind).toBe('text')
    expect(inlines('看 [官网](https://example.org/a) **马上**')).toEqual([
      { kind: 'text', text: '看 ' },
      { kind: 'link', text: '官网', href: 'https://example.org/a' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', text: '马上' },
    ])
  })
})

describe('an expiry date', () => {
  it.each([
    [null, '长期有效', ''],
    ['2026-11-21', '2026-11-21 已失效', 'over'],
    ['2026-11-22', '今天到期', 'near'],
    ['2026-12-22', '还有 30 天到期', 'near'],
    ['2026-12-23', '2026-12-23', ''],
  ])('%s reads %s', (on, text, tone) => expect(expiryText(on, '2026-11-22')).toEqual({ text, tone }))
})

describe('the review chain', () => {
  const version = (more: Partial<ArticleVersion>) =>
    ({
      ...content(),
      number: 2,
      state: 'draft',
      author_name: '余华',
      department_reviewer_name: null,
      centre_reviewer_name: null,
      published_at: null,
      ...more,
    }) as ArticleVersion
  const states = (more: Partial<ArticleVersion>) => chainOf(version(more), '人社局').map((one) => one.state)
  it('shows where a version is', () => {
    expect(states({})).toEqual(['now', 'later', 'later', 'later'])
    expect(states({ state: 'centre_review', department_reviewer_name: '许蓉' })).toEqual(['done', 'done', 'now', 'later'])
    expect(states({ state: 'waiting' })).toEqual(['done', 'done', 'done', 'now', 'later'])
    expect(states({ state: 'published', published_at: '2026-11-22T09:00:00+08:00' })).toEqual([
      'done',
      'done',
      'done',
      'done',
    ])
  })
  it('says who may act, and that it is another person', () =>
    expect(chainOf(version({ state: 'department_review' }), '人社局')[1]?.who).toBe('人社局负责人，不能是采编人'))
  it('offers only what the server allows', () =>
    expect(stepsFor(['return', 'approve', 'unknown']).map((one) => one.step)).toEqual(['approvals', 'returns']))
})

it('says why a reviewer may not review this version', () => {
  const version = { state: 'department_review', writer_names: ['余华', '许蓉'], department_reviewer_name: null }
  expect(cannotReview(version, '许蓉')).toBe('您写过这一版，请由别人审核。')
  expect(cannotReview(version, '梁建')).toBe('')
  expect(cannotReview({ ...version, state: 'centre_review', department_reviewer_name: '梁建' }, '梁建')).toBe(
    '部门审核和热线中心审核不能是同一个人。',
  )
  expect(cannotReview({ ...version, state: 'published' }, '许蓉')).toBe('')
})

it('takes keywords as people type them', () =>
  expect(keywordsOf('养老，医保、社保; 养老  居民')).toEqual(['养老', '医保', '社保', '居民']))
