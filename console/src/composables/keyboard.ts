import { onBeforeUnmount, onMounted } from 'vue'
import { isTyping, keyName } from '@/lib/keys'

export type Handlers = Record<string, () => void>

const DIALOG = 'dialog[open], .t-dialog__ctx:not([style*="none"])'

/**
 * Keys of a page while it is shown; Ctrl combinations and Esc also work inside fields.
 * Under an open dialog no key of the page works: Esc closes the dialog and nothing else.
 */
export function useKeys(handlers: () => Handlers): void {
  function pressed(event: KeyboardEvent): void {
    if (event.isComposing || event.repeat || event.defaultPrevented) return
    const name = keyName(event)
    const everywhere = name.startsWith('Ctrl+') || name.startsWith('Alt+') || name === 'Esc'
    if ((!everywhere && isTyping(event.target)) || document.querySelector(DIALOG)) return
    const handler = handlers()[name]
    if (!handler) return
    event.preventDefault()
    handler()
  }
  onMounted(() => window.addEventListener('keydown', pressed))
  onBeforeUnmount(() => window.removeEventListener('keydown', pressed))
}
