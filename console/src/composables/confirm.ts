import { shallowRef } from 'vue'

export interface Question {
  title: string
  detail?: string
  yes: string
  danger?: boolean
}

interface Asked extends Question {
  answer: (yes: boolean) => void
}

export const asked = shallowRef<Asked | null>(null)

/** Asks before something that cannot be undone; the title names the thing. */
export function confirm(question: Question): Promise<boolean> {
  asked.value?.answer(false)
  return new Promise((done) => {
    asked.value = {
      ...question,
      answer: (yes) => {
        asked.value = null
        done(yes)
      },
    }
  })
}
