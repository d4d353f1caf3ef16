import { ref } from 'vue'
import { me } from '@/api'
import { uuid } from '@/lib/uuid'
import { platform } from '#platform'

const KEY = 'elder'

/** Large type and targets; kept on the device, and with the account when signed in. */
export const elder = ref(uni.getStorageSync(KEY) === '1')

export function applyElder(on: boolean): void {
  elder.value = on
  uni.setStorageSync(KEY, on ? '1' : '0')
  platform.showElder(on)
}

/** Switches at once; the account follows when it can. Resolves when the account has been told. */
export async function switchElder(on: boolean, signedIn: boolean): Promise<void> {
  applyElder(on)
  if (signedIn) await me.setElder(on, uuid())
}
