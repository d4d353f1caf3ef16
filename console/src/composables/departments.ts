import { useChoices } from '@/pages/knowledge/useChoices'

/** The departments that tickets go to: those that answer for articles, read once for the console. */
export function useDepartments() {
  const { departments } = useChoices()
  return { departments }
}
