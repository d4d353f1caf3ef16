/** A column of DataTable: `text` is what is exported, sorted and shown when there is no slot. */
export interface Column<T> {
  key: string
  title: string
  text: (row: T) => string | number | null | undefined
  sort?: (row: T) => string | number | null | undefined
  width?: string
  align?: 'right'
  numeric?: boolean
  wrap?: boolean
  sortable?: boolean
  startsHidden?: boolean
  /** Not drawn while a row is open beside the table; it is exported all the same. */
  aside?: boolean
}
