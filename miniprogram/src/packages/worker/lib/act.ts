import { asApiError, sentence } from '@/api/errors'
import { open, to } from '@/lib/nav'
import { toast } from '@/lib/toast'
import { outbox, type NewJob, type Outcome, type Refusal } from '@/stores/outbox'
import type { PartAction, PartKind } from './actions'

export const told = ({ title, detail, action }: Refusal): string => [detail || title, action].filter(Boolean).join('，')

/**
 * Does one thing through the outbox and says what became of it. What is refused while the person
 * looks on is told at once and not kept; what waited is kept in the queue with its reason.
 */
export async function act(job: Omit<NewJob, 'filesPath'>, done: string, kept?: () => void): Promise<Outcome | null> {
  try {
    const outcome = await outbox.send({ ...job, filesPath: '/worker/files' }, kept)
    if (outcome.state === 'sent') toast(done)
    else if (outcome.state === 'waiting') toast('存在手机里了，有网就发')
    else {
      await outbox.takeBack(outcome.id)
      toast(told(outcome.problem))
    }
    return outcome
  } catch (caught) {
    // Nothing was written down: the phone has no room, or nobody is signed in.
    toast(asApiError(caught).code === 'client' ? '手机里存不下了，请腾出一些空间再试' : sentence(caught))
    return null
  }
}

/** Takes a step of a subtask or a whistle: at once, or after its form. */
export async function actOnPart(kind: PartKind, event: string, part: { id: string; what: string }, step: PartAction): Promise<void> {
  if (step.form) {
    open(to.workForm(step.form, event, part.id))
    return
  }
  const path = `/worker/${kind}/${part.id}/${step.tap}`
  await act({ kind: 'other', title: `${step.text}：${part.what}`, about: event, path, body: {} }, `${step.text}好了`)
}
