/** The Markdown of articles as blocks that pages draw; what is not known stays plain text. */
export interface Run {
  text: string
  strong: boolean
  /** Where it leads; '' for plain words. */
  link: string
}

export interface Block {
  kind: 'heading' | 'text' | 'item' | 'quote' | 'table' | 'line'
  runs: Run[]
  /** Of an item: '•' or its number. */
  mark: string
  depth: number
  /** Of a table: each row's cells, with their column's head. */
  rows: { head: string; runs: Run[] }[][]
}

const INLINE = /\*\*(.+?)\*\*|__(.+?)__|!\[([^\]]*)\]\([^)]*\)|\[([^\]]+)\]\(([^)\s]+)[^)]*\)|`([^`]+)`|\*([^*\s][^*]*)\*/g

export function runsOf(text: string): Run[] {
  const runs: Run[] = []
  const put = (words: string | undefined, strong = false, link = ''): void => {
    if (words) runs.push({ text: words, strong, link })
  }
  let from = 0
  for (const found of text.matchAll(INLINE)) {
    put(text.slice(from, found.index))
    const [whole, bold, bold2, alt, words, address, code, soft] = found
    if (address) put(words, false, address)
    else put(bold ?? bold2 ?? alt ?? code ?? soft, Boolean(bold ?? bold2))
    from = (found.index ?? 0) + whole.length
  }
  put(text.slice(from))
  return runs
}

const block = (kind: Block['kind'], text = '', part: Partial<Block> = {}): Block => ({
  kind, runs: runsOf(text), mark: '', depth: 0, rows: [], ...part,
})

const cellsOf = (line: string): string[] =>
  line.trim().replace(/^\||\|$/g, '').split('|').map((cell) => cell.trim())
const isRow = (line: string): boolean => /^\s*\|.*\|\s*$/.test(line)
const isRule = (line: string): boolean => /^[\s|:-]+$/.test(line) && line.includes('-')

function tableOf(lines: string[]): Block {
  const headed = lines.length > 1 && isRule(lines[1])
  const heads = headed ? cellsOf(lines[0]) : []
  const rows = lines
    .slice(headed ? 2 : 0)
    .map((line) => cellsOf(line).map((cell, index) => ({ head: heads[index] ?? '', runs: runsOf(cell) })))
  return block('table', '', { rows })
}

/** Lines of one paragraph belong together, as Markdown has it; Chinese needs no space between them. */
const joined = (before: string, line: string): string =>
  before && (/[\w,.]$/.test(before) && /^\w/.test(line) ? `${before} ${line}` : before + line)

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  let words = ''
  const flush = (): void => {
    if (words) blocks.push(block('text', words))
    words = ''
  }
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]
    const text = line.trim()
    const [, heading] = /^#{1,6}\s+(.*?)\s*#*$/.exec(text) ?? []
    const [, indent, bullet, item] = /^(\s*)([-*+]|\d+[.)、])\s+(.*)$/.exec(line) ?? []
    if (isRow(line)) {
      const from = at
      while (isRow(lines[at + 1] ?? '')) at += 1
      flush()
      blocks.push(tableOf(lines.slice(from, at + 1)))
    } else if (/^(-{3,}|\*{3,}|_{3,})$/.test(text)) {
      flush()
      blocks.push(block('line'))
    } else if (heading !== undefined) {
      flush()
      blocks.push(block('heading', heading))
    } else if (item !== undefined) {
      flush()
      const mark = /\d/.test(bullet) ? `${parseInt(bullet, 10)}.` : '•'
      blocks.push(block('item', item, { mark, depth: Math.min(2, Math.floor(indent.length / 2)) }))
    } else if (text.startsWith('>')) {
      flush()
      blocks.push(block('quote', text.replace(/^>\s?/, '')))
    } else if (!text) {
      flush()
    } else if (/ {2}$/.test(line)) {
      words = joined(words, text) || text
      flush()
    } else {
      words = words ? joined(words, text) : text
    }
  }
  flush()
  return blocks
}
