/**
 * The little Markdown that articles use, as data: headings, paragraphs, lists, quotes, tables, bold,
 * links. Anything else is plain text; HTML in it stays text, so nothing can be planted in a page.
 */

export interface Inline {
  kind: 'text' | 'strong' | 'link'
  text: string
  href?: string
}
export type Block =
  | { kind: 'heading'; level: number; inlines: Inline[] }
  | { kind: 'paragraph' | 'quote'; lines: Inline[][] }
  | { kind: 'list'; ordered: boolean; start: number; items: Inline[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }

const INLINE = /\*\*([^*]+)\*\*|\[([^\]]+)\]\((\S+?)\)/g
const HEADING = /^(#{1,4})\s+(.*)$/
const BULLET = /^\s*[-*+]\s+(.*)$/
const NUMBERED = /^\s*(\d{1,3})[.)]\s+(.*)$/
const QUOTE = /^>\s?(.*)$/
const RULE = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/

/** Only addresses one can go to; `javascript:` and the like stay words. */
const isAddress = (address: string) => /^https?:[/]{2}/i.test(address)

export function inlines(text: string): Inline[] {
  const found: Inline[] = []
  let at = 0
  for (const match of text.matchAll(INLINE)) {
    const [whole, strong, words, address] = match
    if (address !== undefined && !isAddress(address)) continue
    if (match.index > at) found.push({ kind: 'text', text: text.slice(at, match.index) })
    if (strong !== undefined) found.push({ kind: 'strong', text: strong })
    else found.push({ kind: 'link', text: words ?? '', href: address })
    at = match.index + whole.length
  }
  if (at < text.length) found.push({ kind: 'text', text: text.slice(at) })
  return found
}

const cells = (line: string) =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => inlines(cell.trim()))

export function blocks(text: string): Block[] {
  const rows = text.replaceAll('\r\n', '\n').split('\n')
  const found: Block[] = []
  const last = () => found[found.length - 1]
  let broken = true
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]!
    if (!row.trim()) {
      broken = true
      continue
    }
    const previous = broken ? undefined : last()
    broken = false
    const heading = HEADING.exec(row)
    const bullet = BULLET.exec(row)
    const numbered = NUMBERED.exec(row)
    const quote = QUOTE.exec(row)
    if (heading) found.push({ kind: 'heading', level: heading[1]!.length, inlines: inlines(heading[2]!) })
    else if (row.includes('|') && RULE.test(rows[at + 1] ?? '') && (rows[at + 1] ?? '').includes('|')) {
      const table: Block = { kind: 'table', head: cells(row), rows: [] }
      at += 1
      while (rows[at + 1]?.includes('|')) table.rows.push(cells(rows[(at += 1)]!))
      found.push(table)
    } else if (bullet || numbered) {
      const ordered = Boolean(numbered)
      const item = inlines((bullet?.[1] ?? numbered?.[2])!)
      const before = last()
      if (before?.kind === 'list' && before.ordered === ordered) before.items.push(item)
      else found.push({ kind: 'list', ordered, start: Number(numbered?.[1] ?? 1), items: [item] })
    } else if (quote) {
      if (previous?.kind === 'quote') previous.lines.push(inlines(quote[1]!))
      else found.push({ kind: 'quote', lines: [inlines(quote[1]!)] })
    } else if (previous?.kind === 'paragraph') previous.lines.push(inlines(row))
    else found.push({ kind: 'paragraph', lines: [inlines(row)] })
  }
  return found
}
