/** What proves who is calling: a bearer token (WeChat) or a CSRF token beside the cookie (browser). */
import { platform } from '#platform'

const TOKEN = 'token'
let csrf = ''

export const credentials = {
  headers(mutates: boolean): Record<string, string> {
    if (platform.keepsToken) {
      const token = uni.getStorageSync(TOKEN) as string
      return token ? { Authorization: `Bearer ${token}` } : {}
    }
    return mutates && csrf ? { 'X-CSRF-Token': csrf } : {}
  },
  keep(answer: { token?: string | null; csrf_token?: string | null }): void {
    if (platform.keepsToken && answer.token) uni.setStorageSync(TOKEN, answer.token)
    csrf = answer.csrf_token ?? csrf
  },
  forget(): void {
    csrf = ''
    if (platform.keepsToken) uni.removeStorageSync(TOKEN)
  },
}
