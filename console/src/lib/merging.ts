/** Two people, or one person twice, wrote the same form: whose words stand where. */

export type Body = Record<string, string>

export interface Clash {
  name: string
  label: string
  mine: string
  theirs: string
}
export interface Merged {
  /** Everything nobody disputes; disputed fields hold mine until somebody chooses. */
  body: Body
  clashes: Clash[]
}

const textOf = (body: Body, name: string) => body[name] ?? ''

/**
 * A three-way merge, field by field. A field that only one side changed since `base` takes that
 * side's text; changed on both sides to the same text is no dispute.
 */
export function mergeThree(base: Body, mine: Body, theirs: Body, labels: Record<string, string>): Merged {
  const names = [...new Set([...Object.keys(base), ...Object.keys(theirs), ...Object.keys(mine)])]
  const body: Body = {}
  const clashes: Clash[] = []
  for (const name of names) {
    const [was, here, there] = [textOf(base, name), textOf(mine, name), textOf(theirs, name)]
    body[name] = here === was ? there : here
    if (here !== was && there !== was && here !== there)
      clashes.push({ name, label: labels[name] ?? name, mine: here, theirs: there })
  }
  return { body, clashes }
}

export type Side = 'mine' | 'theirs' | 'both'

/** Both texts, mine first, for a field that takes free words. */
export const bothTexts = (clash: Clash) => [clash.mine, clash.theirs].filter(Boolean).join('\n')

/** The merged body after somebody chose, for every disputed field. */
export function resolve(merged: Merged, choices: Record<string, Side>): Body {
  const body = { ...merged.body }
  for (const clash of merged.clashes) {
    const side = choices[clash.name] ?? 'mine'
    body[clash.name] = side === 'both' ? bothTexts(clash) : clash[side]
  }
  return body
}

export const sameBody = (a: Body, b: Body) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => textOf(a, name) === textOf(b, name))
