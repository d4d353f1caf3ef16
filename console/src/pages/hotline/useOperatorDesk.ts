import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue'
import { MessagePlugin } from 'tdesign-vue-next/es/message'
import { actOnTicket } from '@/api/hotline'
import { createTicket, suggestTicket, type Suggested } from '@/api/operator'
import { useAction } from '@/composables/action'
import { useDraft } from '@/composables/draft'
import { useLoad } from '@/composables/load'
import { session } from '@/composables/session'
import { pinsOf } from '@/lib/answers'
import { FORM_LABELS, blankForm, callOfKey, formProblems, madeOf, newTicket } from '@/lib/operatorForm'

const SUGGEST_MS = 450
const SHORTEST = 4

/** One matter on the operator's desk: its draft, what is suggested, and the two ways it ends. */
export function useOperatorDesk(key: string, ended: Ref<(number: string) => void>) {
  const callId = callOfKey(key)
  const draft = useDraft(key, { staffId: session.staff?.id ?? '', labels: FORM_LABELS, blank: blankForm })
  const form = draft.body
  const suggestions = useLoad(suggestTicket)
  const found = computed<Suggested | null>(() =>
    (form.value.words ?? '').trim().length >= SHORTEST ? suggestions.data.value : null,
  )

  let pause: ReturnType<typeof setTimeout> | undefined
  watch(
    () => [form.value.words, form.value.phone, form.value.latitude, form.value.longitude].join('|'),
    () => {
      clearTimeout(pause)
      const { words = '', phone, latitude, longitude } = form.value
      if (words.trim().length < SHORTEST) return
      pause = setTimeout(
        () =>
          void suggestions.load({
            words: words.trim(),
            ...(callId ? { call_id: callId } : {}),
            ...(phone?.trim() ? { number: phone.trim() } : {}),
            ...(latitude && longitude ? { latitude: Number(latitude), longitude: Number(longitude) } : {}),
          }),
        SUGGEST_MS,
      )
    },
  )
  onBeforeUnmount(() => clearTimeout(pause))

  const tried = shallowRef<'dispatch' | 'answer' | null>(null)
  const saving = ref(false)
  /** The ticket is made once; when the step after it fails, only that step is done again. */
  const run = useAction(
    async (way: 'dispatch' | 'answer') => {
      let made = madeOf(form.value)
      if (!made) {
        const { id, number, version, can } = await createTicket(newTicket(form.value, callId))
        made = { id, number, version }
        form.value = { ...form.value, made: JSON.stringify(made) }
        // A desk whose tickets come accepted already has nothing left to do on that way.
        if (way === 'dispatch' && !can.includes('accept')) return made.number
      }
      if (way === 'dispatch') await actOnTicket(made.id, 'accept', {})
      else
        await actOnTicket(made.id, 'answer', {
          public_text: (form.value.reply ?? '').trim(),
          version_ids: pinsOf(form.value.pins ?? '').map((pin) => pin.version_id),
        })
      return made.number
    },
    { quiet: true },
  )
  const problems = computed(() => ({
    ...(run.problem.value?.errors ?? {}),
    ...(tried.value ? formProblems(form.value, tried.value) : {}),
  }))
  const refusal = computed(() => {
    const problem = run.problem.value
    return problem && !Object.keys(problem.errors).some((name) => name in FORM_LABELS) ? problem.sentence : ''
  })

  async function finish(way: 'dispatch' | 'answer'): Promise<void> {
    tried.value = way
    if (saving.value || Object.keys(formProblems(form.value, way)).length) return
    saving.value = true
    const number = await run.act(way)
    if (number) {
      await draft.done()
      tried.value = null
      void MessagePlugin.success(way === 'answer' ? `答复好了，编号 ${number}` : `建好了，编号 ${number}，等着派单`)
      ended.value(number)
    }
    saving.value = false
  }
  return { draft, form, found, suggestions, problems, refusal, finish, saving, callId }
}
