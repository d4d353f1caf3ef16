/** Hands a public file over to the browser, which shows or saves it under its name. */
export function openFile(url: string, name: string, kind: string): Promise<void> {
  const link = document.createElement('a')
  link.href = url
  link.download = name.toLowerCase().endsWith(`.${kind}`) ? name : `${name}.${kind}`
  link.rel = 'noopener'
  link.click()
  return Promise.resolve()
}
