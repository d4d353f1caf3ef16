type Answer = [status: number, body: unknown]

/** Answers by method and path; `list` puts a list into the shape of a page. */
export function routes(list: (items: unknown[]) => Answer): Record<string, () => Answer>
