import { expect, it, vi } from 'vitest'
import { ApiError } from '@/api/errors'
import { address, call, request, watchSession } from '@/api/http'
import { credentials } from '@/api/credentials'
import { server } from './setup'

it('writes queries without empty values and with Chinese encoded', () => {
  expect(address('/items', { q: '社保', theme: '', cursor: null, limit: 0 })).toBe(
    '/api/v1/items?q=%E7%A4%BE%E4%BF%9D&limit=0',
  )
})

it('repeats a lost read and a lost keyed change with the same key', async () => {
  server.replies = ['lost', { status: 201, body: { id: '1' } }]
  await expect(request('POST', '/appointments', { key: 'k1', body: {} })).resolves.toEqual({ id: '1' })
  expect(server.sent.map((sent) => sent.header['Idempotency-Key'])).toEqual(['k1', 'k1'])
})

it('does not repeat an unkeyed change', async () => {
  server.replies = ['lost', { status: 200 }]
  await expect(request('POST', '/x')).rejects.toMatchObject({ code: 'network', passing: true })
  expect(server.sent).toHaveLength(1)
})

it('hands over a problem in its own words with what to do', async () => {
  server.replies = [
    { status: 409, body: { title: '约满了', detail: '9:30 刚被约满', code: 'slot_full', action: '换个时间' } },
  ]
  const error = await request('POST', '/appointments', { key: 'k' }).catch((caught) => caught)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({ status: 409, code: 'slot_full', message: '9:30 刚被约满', action: '换个时间', passing: false })
})

it('has words for an answer that is no problem document', async () => {
  server.replies = [{ status: 502, body: '<html>' }]
  await expect(request('GET', '/x')).rejects.toMatchObject({ message: '系统忙，没能办成', passing: true })
})

it('sends what it holds and takes 304 for unchanged', async () => {
  server.replies = [{ status: 304 }]
  await expect(call('GET', '/x', { etag: '"7"' })).resolves.toBeNull()
  expect(server.sent[0].header['If-None-Match']).toBe('"7"')
})

it('reads the version whatever the case of its header', async () => {
  server.replies = [{ status: 200, body: 1, headers: { ETag: '"8"' } }]
  await expect(call('GET', '/x')).resolves.toEqual({ data: 1, etag: '"8"' })
})

it('tells of a session that ended', async () => {
  const signedOut = vi.fn()
  watchSession({ signedOut, renewCsrf: async () => false })
  server.replies = [{ status: 401, body: {} }]
  await expect(request('GET', '/me')).rejects.toMatchObject({ status: 401 })
  expect(signedOut).toHaveBeenCalledOnce()
})

it('renews a stale CSRF token once and tries again with the same key', async () => {
  credentials.keep({ csrf_token: 'old' })
  const renewCsrf = vi.fn(async () => {
    credentials.keep({ csrf_token: 'new' })
    return true
  })
  watchSession({ signedOut: () => undefined, renewCsrf })
  server.replies = [{ status: 403, body: { code: 'csrf_failed' } }, { status: 204 }]
  await request('DELETE', '/session', { key: 'k' })
  expect(server.sent.map((sent) => sent.header['X-CSRF-Token'])).toEqual(['old', 'new'])
  expect(renewCsrf).toHaveBeenCalledOnce()
})
