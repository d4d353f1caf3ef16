import { ref } from 'vue'
import { inbox } from '@/api'

/** Inbox messages not read yet. */
export const unread = ref(0)

export async function loadUnread(): Promise<void> {
  unread.value = await inbox.unread()
}
