export interface CsvColumn<T> {
  title: string
  text: (row: T) => string | number | null | undefined
}

/** Spreadsheet programs run cells that begin so; a leading quote makes them text. */
const FORMULA = /^[=+\-@\t\r]/

function cell(value: string | number | null | undefined): string {
  let text = value === null || value === undefined ? '' : String(value)
  if (typeof value !== 'number' && FORMULA.test(text)) text = `'${text}`
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A CSV text with the byte-order mark that Excel needs to read Chinese. */
export function toCsv<T>(columns: CsvColumn<T>[], rows: T[]): string {
  const lines = [columns.map((column) => cell(column.title)).join(',')]
  for (const row of rows) lines.push(columns.map((column) => cell(column.text(row))).join(','))
  return `\uFEFF${lines.join('\r\n')}\r\n`
}

/** "今日预约_越和街_待签到.csv": the list's name and the filters that made it. */
export function fileName(name: string, filters: (string | null | undefined)[]): string {
  const kept = filters.filter((filter): filter is string => Boolean(filter && filter.trim()))
  const text = [name, ...kept.map((filter) => filter.trim())].join('_')
  return `${text.replace(/[\\/:*?"<>|\s]+/g, '-').slice(0, 120)}.csv`
}

export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
