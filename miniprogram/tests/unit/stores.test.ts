import { expect, it, vi } from 'vitest'
import { server, storage } from './setup'

const me = { id: 'p', name: '王秀兰', elder_mode: true, verified: true, consent_version: null }

it('asks for the settings once, and again after a failure', async () => {
  vi.resetModules()
  const { loadConfig, hotline } = await import('@/stores/config')
  expect(hotline()).toBe('12345')
  server.replies = ['lost', 'lost', { status: 200, body: { hotline: '96345' } }]
  await expect(loadConfig()).rejects.toMatchObject({ code: 'network' })
  await Promise.all([loadConfig(), loadConfig()])
  expect(server.sent).toHaveLength(3)
  expect(hotline()).toBe('96345')
})

it('learns who is signed in, and takes over their elder mode', async () => {
  vi.resetModules()
  const { loadSession, person, verified } = await import('@/stores/session')
  const { elder } = await import('@/stores/elder')
  server.replies = [{ status: 200, body: { person: me, csrf_token: 'c' } }]
  await loadSession()
  expect(person.value?.name).toBe('王秀兰')
  expect([verified.value, elder.value, storage.elder]).toEqual([true, true, '1'])
})

it('forgets the person when the server says the session is over', async () => {
  vi.resetModules()
  const { enter, signedIn } = await import('@/stores/session')
  const { request } = await import('@/api/http')
  enter({ person: me as never, csrf_token: 'c', token: null })
  expect(signedIn.value).toBe(true)
  server.replies = [{ status: 401, body: {} }]
  await request('GET', '/me').catch(() => undefined)
  expect(signedIn.value).toBe(false)
})

it('keeps drafts for a week', async () => {
  const { drafts } = await import('@/stores/drafts')
  drafts.save('book:1', { slot: 's' })
  expect(drafts.load('book:1')).toEqual({ slot: 's' })
  const kept = storage['draft:book:1'] as { at: number }
  kept.at -= 8 * 24 * 3_600_000
  expect(drafts.load('book:1')).toBeNull()
  drafts.drop('book:1')
  expect(storage['draft:book:1']).toBeUndefined()
})

it('drops every draft at once and nothing else', async () => {
  const { drafts } = await import('@/stores/drafts')
  drafts.save('appeal:1', { text: '住院了' })
  drafts.save('report', { text: '楼上' })
  storage.elder = '1'
  drafts.clear()
  expect(drafts.load('appeal:1')).toBeNull()
  expect(Object.keys(storage).filter((key) => key.startsWith('draft:'))).toEqual([])
  expect(storage.elder).toBe('1')
})

it('remembers the last ten searches, each once', async () => {
  const { remember, searchHistory, forgetSearches } = await import('@/stores/search-history')
  for (let count = 0; count < 12; count += 1) remember(`词${count}`)
  remember(' 词5 ')
  remember('  ')
  expect(searchHistory.value).toHaveLength(10)
  expect(searchHistory.value[0]).toBe('词5')
  expect(searchHistory.value.filter((word) => word === '词5')).toHaveLength(1)
  forgetSearches()
  expect(searchHistory.value).toEqual([])
})
