import { ref } from 'vue'
import { onShow, onUnload } from '@dcloudio/uni-app'
import { sentence } from '@/api/errors'
import { outbox, type JobKind } from '@/stores/outbox'
import { owner } from '@/stores/outbox-owner'
import { loadSession } from '@/stores/session'
import { open, to } from './nav'

interface Sending {
  kind: JobKind
  title: string
  path: string
  body: Record<string, unknown>
  /** Keys of kept files; `photo(n)` in the body stands for the id of the nth. */
  photos?: string[]
}

/**
 * A form of one page that goes out through the outbox. Without a network it waits on the device;
 * somebody who is not signed in is led there and comes back to `goOn`.
 */
export function useSending(goOn: () => void, sent: (id: string) => void) {
  const busy = ref(false)
  const refused = ref('')
  /** True once it waits on the device for the network. */
  const waiting = ref(false)
  let leftToSignIn = false
  let stop = (): void => undefined

  function signedIn(): boolean {
    if (owner.value) return true
    leftToSignIn = true
    open(to.signIn())
    return false
  }

  /** `kept` is called once what is sent can no longer be lost: the moment to drop a draft. */
  async function send(what: Sending, kept: () => void): Promise<void> {
    if (busy.value) return
    busy.value = true
    refused.value = ''
    try {
      const outcome = await outbox.send(what)
      if (outcome.state === 'refused') {
        await outbox.takeBack(outcome.id)
        const { title, detail, action } = outcome.problem
        refused.value = [detail || title, action].filter(Boolean).join('，')
        return
      }
      kept()
      if (outcome.state === 'sent') sent((outcome.answer as { id: string }).id)
      else wait(what)
    } catch (error) {
      refused.value = sentence(error)
    } finally {
      busy.value = false
    }
  }

  function wait(what: Sending): void {
    waiting.value = true
    stop = outbox.onSent((job, answer) => {
      if (job.kind === what.kind && job.title === what.title) sent((answer as { id: string }).id)
    })
  }

  onShow(async () => {
    await loadSession().catch(() => undefined)
    if (!leftToSignIn || !owner.value) return
    leftToSignIn = false
    goOn()
  })
  onUnload(() => stop())
  return { busy, refused, waiting, signedIn, send }
}
