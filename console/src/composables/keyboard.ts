import { onBeforeUnmount, onMounted } from 'vue'
import { isTyping, keyName } from '@/lib/keys'

export type Handlers = Record<string, () => void>

/** Keys of a page while it is shown; Ctrl combinations and Esc also work inside fields. */
export function useKeys(handlers: () => Handlers): void {
  function pressed(event: KeyboardEvent): void {
    if (event.isComposing || event.repeat || event.defaultPrevented) return
    const name = keyName(event)
    const everywhere = name.startsWith('Ctrl+') || name.startsWith('Alt+') || name === 'Esc'
    if (
      !everywhere &&
      (isTyping(event.target) || document.querySelector('dialog[open], .t-dialog__ctx:not([style*="none"])'))
    )
      return
    const handler = handlers()[name]
    if (!handler) return
    event.preventDefault()
    handler()
  }
  onMounted(() => window.addEventListener('keydown', pressed))
  onBeforeUnmount(() => window.removeEventListener('keydown', pressed))
}
