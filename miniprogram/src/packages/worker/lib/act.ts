import { asApiError, sentence } from '@/api/errors'
import { toast } from '@/lib/toast'
import { outbox, type NewJob, type Outcome } from '@/stores/outbox'

/** Does one thing through the outbox and says what became of it. */
export async function act(job: Omit<NewJob, 'filesPath'>, done: string): Promise<Outcome | null> {
  try {
    const outcome = await outbox.send({ ...job, filesPath: '/worker/files' })
    if (outcome.state === 'sent') toast(done)
    else if (outcome.state === 'waiting') toast('存在手机里了，有网就发')
    else toast([outcome.problem.detail || outcome.problem.title, outcome.problem.action].filter(Boolean).join('，'))
    return outcome
  } catch (caught) {
    // Nothing was written down: the phone has no room, or nobody is signed in.
    toast(asApiError(caught).code === 'client' ? '手机里存不下了，请腾出一些空间再试' : sentence(caught))
    return null
  }
}
