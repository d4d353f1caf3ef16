import { shallowRef } from 'vue'
import { answerScripts } from '@/api/operator'
import type { Script } from '@/lib/scripts'

/** Scripts for frequent matters, read once for the console; without them the desk works all the same. */
const scripts = shallowRef<Script[]>([])
let asked: Promise<void> | null = null

async function read(): Promise<void> {
  try {
    scripts.value = (await answerScripts()).items
  } catch {
    // The next matter on the desk asks again.
    asked = null
  }
}

export function useScripts() {
  asked ??= read()
  return { scripts }
}
