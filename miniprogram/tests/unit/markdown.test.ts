import { expect, it } from 'vitest'
import { blocksOf, runsOf } from '@/packages/ask/lib/markdown'

const plain = (markdown: string): string[] =>
  blocksOf(markdown).map(({ kind, mark, runs }) => `${kind}:${mark}${runs.map(({ text }) => text).join('')}`)

it('reads headings, paragraphs, lists, quotes and rules', () => {
  const text = '## 谁能领\r\n\r\n年满 60 岁，\n户籍在本区。\n\n- 身份证\n  * 复印件\n1. 申请\n2) 审核\n\n> 以窗口为准\n\n---\n完'
  expect(plain(text)).toEqual([
    'heading:谁能领', 'text:年满 60 岁，户籍在本区。', 'item:•身份证', 'item:•复印件', 'item:1.申请', 'item:2.审核',
    'quote:以窗口为准', 'line:', 'text:完',
  ])
  expect(blocksOf(text)[3].depth).toBe(1)
})

it('keeps a space between words of other scripts and a break where one was meant', () => {
  expect(plain('open a\nbank account')).toEqual(['text:open a bank account'])
  expect(plain('第一行  \n第二行')).toEqual(['text:第一行', 'text:第二行'])
})

it('puts the head of each column beside its cells', () => {
  const [table] = blocksOf('| 档次 | 每年 |\n| --- | ---: |\n| 一档 | 200 元 |\n| 二档 | **300 元** |')
  expect(table.kind).toBe('table')
  expect(table.rows.map((row) => row.map(({ head, runs }) => `${head}=${runs[0].text}`))).toEqual([
    ['档次=一档', '每年=200 元'], ['档次=二档', '每年=300 元'],
  ])
  expect(table.rows[1][1].runs[0].strong).toBe(true)
})

it('finds strong words and links inside a line', () => {
  expect(runsOf('带**身份证**，看[指南](/items/i1)或拨`12345`')).toEqual([
    { text: '带', strong: false, link: '' }, { text: '身份证', strong: true, link: '' },
    { text: '，看', strong: false, link: '' }, { text: '指南', strong: false, link: '/items/i1' },
    { text: '或拨', strong: false, link: '' }, { text: '12345', strong: false, link: '' },
  ])
})

it('leaves markup it does not know as words', () => {
  expect(plain('<script>alert(1)</script> 3 * 4 * 5')).toEqual(['text:<script>alert(1)</script> 3 * 4 * 5'])
})
