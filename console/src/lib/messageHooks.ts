import type { Dialect, Hook, HookForm } from '@/api/messageHooks'

/** What the page about staff groups decides without the server. */

export const DIALECTS: Record<Dialect, string> = { wecom: '企业微信群机器人', webhook: '网址（带签名）' }
export const ADDRESS_HINTS: Record<Dialect, string> = {
  wecom: '在群里添加机器人，把它的 Webhook 地址粘贴到这里。地址就是密码，存好后不再显示。',
  webhook: '以 https:// 开头，不能是本机或内网。存好后不再显示。',
}
export const SECRET_HINT = '至少 16 个字。对方用它核对每条消息是不是呼应发的。'

export const emptyForm = (): HookForm => ({
  name: '',
  dialect: 'wecom',
  unit_id: null,
  kinds: [],
  address: '',
  secret: '',
  active: true,
})

export const formOf = (hook: Hook): HookForm => ({
  name: hook.name,
  dialect: hook.dialect,
  unit_id: hook.unit_id,
  kinds: [...hook.kinds],
  address: '',
  secret: '',
  active: hook.active,
})

/** What is missing, by field; a hook that is there keeps its address and secret. */
export function hookProblems(form: HookForm, there: boolean): Record<string, string> {
  const found: Record<string, string> = {}
  if (!form.name.trim()) found.name = '请填写名称'
  if (!form.kinds.length) found.kinds = '请至少选一种消息'
  if (!there && !form.address.trim()) found.address = '请填写地址'
  const secret = form.secret.trim()
  if (form.dialect === 'webhook' && (!there || secret) && secret.length < 16) found.secret = '密钥至少 16 个字'
  return found
}

/** Whether the last message is still under way, so that the page should look again. */
export const underWay = (hook: Hook) =>
  ['created', 'leased', 'sending', 'temporary_failure'].includes(hook.last?.state ?? '')
