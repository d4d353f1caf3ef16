/** Stands for @dcloudio/uni-app in tests: keeps the hooks so that a test can fire them. */
type Hook = (...values: unknown[]) => unknown
export const hooks: Record<string, Hook[]> = {}
const keep = (name: string) => (hook: Hook) => {
  ;(hooks[name] ??= []).push(hook)
}
export const onLoad = keep('load')
export const onShow = keep('show')
export const onHide = keep('hide')
export const onUnload = keep('unload')
export const onLaunch = keep('launch')

export async function fire(name: string, ...values: unknown[]): Promise<void> {
  for (const hook of hooks[name] ?? []) await hook(...values)
}
export const forgetHooks = (): void => Object.keys(hooks).forEach((name) => delete hooks[name])
