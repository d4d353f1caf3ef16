/** What to ask and say on frequent matters, so that one call is enough; kept as articles. */

export interface Script {
  id: string
  title: string
  /** The category it is for: a group or a single one; empty when words alone bring it up. */
  category_code: string
  /** Words of a caller that bring it up before a category is chosen. */
  keywords: string[]
  ask: string[]
  say: string
  /** Put into the ticket's words: one line for each answer. */
  form: string
}

export const OPENING = '您好，12345，请讲。'
export const CLOSING = '都记下了，编号稍后发到您手机上。请问还有别的事吗？'

/**
 * The script for what is being told: by category first, else by the words; null when none fits.
 * `family`: a code with those below it.
 */
export function scriptFor(
  category: string,
  words: string,
  list: Script[],
  family: (code: string) => string[] = (code) => [code],
): Script | null {
  const byCategory = category
    ? (list.find((one) => one.category_code === category) ??
      list.find((one) => one.category_code && family(one.category_code).includes(category)))
    : undefined
  if (byCategory) return byCategory
  return list.find((one) => one.keywords.some((word) => words.includes(word))) ?? null
}

/** The words with the script's form below, unless it is in there already. */
export function withForm(words: string, form: string): string {
  const missing = form.split('\n').filter((line) => !words.includes(line.trim()))
  return missing.length ? [words.trimEnd(), missing.join('\n')].filter(Boolean).join('\n') : words
}
