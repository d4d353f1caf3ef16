import { expect, it } from 'vitest'
import { ApiError } from '@/api/errors'
import { useAction } from '@/lib/use-action'
import { useList } from '@/lib/use-list'
import { useLoad } from '@/lib/use-load'

const failure = (status: number) => new ApiError({ title: 'x', status })

it('keeps the key of an attempt that may have arrived, and renews it after an answer', async () => {
  const keys: string[] = []
  const answers = [failure(503), failure(0), 'done', failure(422), 'again']
  const action = useAction(async (key: string) => {
    keys.push(key)
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return answer
  })
  for (let turn = 0; turn < 5; turn += 1) await action.run()
  expect(keys[1]).toBe(keys[0])
  expect(keys[2]).toBe(keys[0])
  expect(keys[3]).not.toBe(keys[2])
  expect(keys[4]).not.toBe(keys[3])
})

it('takes a new key when what is asked has changed', async () => {
  const keys: string[] = []
  const action = useAction(async (key: string, _slot: string) => {
    keys.push(key)
    throw failure(0)
  })
  await action.run('a')
  await action.run('b')
  expect(keys[1]).not.toBe(keys[0])
})

it('runs once while it is running', async () => {
  let finish = (_: string): void => undefined
  const action = useAction((_key: string) => new Promise<string>((resolve) => (finish = resolve)))
  const first = action.run()
  expect(await action.run()).toBeNull()
  expect(action.busy.value).toBe(true)
  finish('done')
  expect(await first).toBe('done')
})

it('drops an answer that a later question has overtaken', async () => {
  const waiting: ((value: string) => void)[] = []
  const load = useLoad(() => new Promise<string>((resolve) => waiting.push(resolve)))
  const one = load.load()
  const two = load.load()
  waiting[1]('new')
  waiting[0]('old')
  await Promise.all([one, two])
  expect(load.data.value).toBe('new')
})

it('keeps what is shown when loading again fails', async () => {
  const answers: (string | Error)[] = ['here', failure(503)]
  const load = useLoad(async () => {
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return answer
  })
  await load.load()
  await load.load()
  expect(load.data.value).toBe('here')
  expect(load.error.value?.status).toBe(503)
})

it('adds page after page', async () => {
  const list = useList<number>(async (cursor) =>
    cursor ? { items: [3], next_cursor: null } : { items: [1, 2], next_cursor: 'n' },
  )
  await list.load()
  await list.more()
  expect(list.items.value).toEqual([1, 2, 3])
  expect(list.cursor.value).toBeNull()
})
