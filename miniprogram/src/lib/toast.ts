import { sentence } from '@/api/errors'
import { platform } from '#platform'

/** A short word that goes away by itself; nothing one must remember. */
export const toast = (title: string): void => {
  uni.showToast({ title, icon: 'none', duration: 2500 })
}

export const toastError = (error: unknown): void => toast(sentence(error))

export async function copy(text: string, what: string): Promise<void> {
  try {
    await platform.copy(text)
    toast(`${what}已复制`)
  } catch {
    toast(`没能复制，请长按选取：${text}`)
  }
}
