import { describe, expect, it, vi } from 'vitest'
import { Client, queryString } from '@/api/client'
import { Problem } from '@/api/problem'

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | Error

function setUp(...answers: Answer[]) {
  const calls: { url: string; init: RequestInit & { headers: Record<string, string> } }[] = []
  let keys = 0
  const client = new Client({
    fetch: (async (url: string, init: RequestInit) => {
      calls.push({ url, init: init as never })
      const answer = answers.shift() ?? { status: 200, body: {} }
      if (answer instanceof Error) throw answer
      const status = answer.status ?? 200
      const text = status === 304 || status === 204 ? null : JSON.stringify(answer.body ?? {})
      return new Response(text, { status, headers: answer.headers })
    }) as typeof fetch,
    wait: async () => undefined,
    newKey: () => `key-${++keys}`,
  })
  return { client, calls }
}

describe('reading', () => {
  it('asks the API with the query that has values', async () => {
    const { client, calls } = setUp({ body: { items: [1] } })
    expect(await client.get('/staff/items', { q: '社保', state: '', cursor: null })).toEqual({ items: [1] })
    expect(calls[0]?.url).toBe('/api/v1/staff/items?q=%E7%A4%BE%E4%BF%9D')
  })

  it('gives the last answer again when the server says nothing changed', async () => {
    const { client, calls } = setUp({ body: { n: 1 }, headers: { ETag: '"a"' } }, { status: 304 })
    expect(await client.poll('/halls/1/screen')).toEqual({ data: { n: 1 }, changed: true })
    expect(await client.poll('/halls/1/screen')).toEqual({ data: { n: 1 }, changed: false })
    expect(calls[1]?.init.headers['If-None-Match']).toBe('"a"')
  })

  it('turns problem+json into words', async () => {
    const { client } = setUp({
      status: 409,
      body: { title: '没有人在等', detail: '队里没有人', action: '请稍后再叫', code: 'queue_empty' },
    })
    const problem = await client.get('/x').catch((error: Problem) => error)
    expect(problem).toBeInstanceOf(Problem)
    expect((problem as Problem).sentence).toBe('没有人在等。队里没有人。请稍后再叫。')
    expect((problem as Problem).code).toBe('queue_empty')
  })

  it('keeps its words when a proxy answers with a page', async () => {
    const client = new Client({
      fetch: (async () => new Response('<html>', { status: 502 })) as typeof fetch,
    })
    const problem = (await client.get('/x').catch((error: Problem) => error)) as Problem
    expect(problem.title).toBe('系统忙，请稍后再试')
    expect(problem.transient).toBe(true)
  })

  it('says that the session is gone', async () => {
    const { client } = setUp({ status: 401, body: { title: '请先登录', code: 'unauthenticated' } })
    client.onSignedOut = vi.fn()
    await client.get('/staff/items').catch(() => undefined)
    expect(client.onSignedOut).toHaveBeenCalledOnce()
  })
})

describe('doing', () => {
  it('sends the CSRF token and an idempotency key', async () => {
    const { client, calls } = setUp({ body: { ok: true } })
    client.useCsrf('csrf')
    await client.send('POST', '/staff/windows/1/calls', {})
    expect(calls[0]?.init.headers).toMatchObject({ 'X-CSRF-Token': 'csrf', 'Idempotency-Key': 'key-1' })
  })

  it('keeps the key while no answer came, then takes a new one', async () => {
    const { client, calls } = setUp(
      new TypeError('offline'),
      { status: 503, body: {} },
      { body: { id: 1 } },
      { body: { id: 2 } },
    )
    await client.send('POST', '/staff/windows/1/calls', {})
    await client.send('POST', '/staff/windows/1/calls', {})
    expect(calls.map((call) => call.init.headers['Idempotency-Key'])).toEqual([
      'key-1',
      'key-1',
      'key-1',
      'key-2',
    ])
  })

  it('keeps the key when the person presses again after all tries failed', async () => {
    const { client, calls } = setUp(new TypeError('offline'), { body: {} })
    await client.send('POST', '/a', { x: 1 }, { retries: 0 }).catch(() => undefined)
    await client.send('POST', '/a', { x: 1 }, { retries: 0 })
    expect(calls.map((call) => call.init.headers['Idempotency-Key'])).toEqual(['key-1', 'key-1'])
  })

  it('does not try again what the server refused, and takes a new key after it', async () => {
    const { client, calls } = setUp({ status: 409, body: { title: '不行' } }, { body: {} })
    await client.send('POST', '/a', {}).catch(() => undefined)
    await client.send('POST', '/a', {})
    expect(calls.map((call) => call.init.headers['Idempotency-Key'])).toEqual(['key-1', 'key-2'])
  })

  it('puts a setting in place of the one that was read, each time of the last one', async () => {
    const { client, calls } = setUp(
      { body: { n: 1 }, headers: { ETag: '"a"' } }, { body: { n: 2 }, headers: { ETag: '"b"' } }, { status: 412, body: { code: 'stale' } },
    )
    await client.edit('/halls/1/rules')
    expect(await client.save('/halls/1/rules', { n: 2 })).toEqual({ n: 2 })
    await expect(client.save('/halls/1/rules', { n: 3 })).rejects.toBeInstanceOf(Problem)
    expect(calls.slice(1).map((call) => call.init.headers['If-Match'])).toEqual(['"a"', '"b"'])
  })

  it('names the version that was edited', async () => {
    const { client, calls } = setUp({ body: {} })
    await client.send('PUT', '/staff/items/1/draft', { content: {} }, { headers: { 'If-Match': '"v3"' } })
    expect(calls[0]?.init.headers['If-Match']).toBe('"v3"')
  })

  it('says each field\'s errors in one line', () => {
    const problem = new Problem({
      status: 422,
      errors: { 'materials.0.name': ['请填写'], 'places.1.phone': ['格式不对', '太长'] },
    })
    expect(problem.errors).toEqual({ 'materials.0.name': '请填写', 'places.1.phone': '格式不对；太长' })
  })
})

it('leaves empty parts out of a query', () => {
  expect(queryString({ a: '', b: null, c: 0, d: false })).toBe('?c=0&d=false')
})
