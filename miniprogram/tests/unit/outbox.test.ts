import 'fake-indexeddb/auto'
import { setTimeout as later } from 'node:timers'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, it, vi } from 'vitest'
import { server, storage } from './setup'

const person = (id: string) => ({ person: { id, elder_mode: false } as never, csrf_token: 'c', token: null })
const uploads: { key: string; type: string }[] = []
let uploadReplies: ('lost' | { status: number; body: unknown })[] = []
let app: Awaited<ReturnType<typeof open>>

/** Opens the app anew on the same device: nothing is left but what was written down. */
async function open(who = 'p1') {
  vi.resetModules()
  const { outbox } = await import('@/stores/outbox')
  const session = await import('@/stores/session')
  const { keptFiles } = await import('@/stores/kept-files')
  const { urlOf } = await import('@/platform/h5/files')
  const rules = await import('@/stores/outbox-rules')
  if (who) session.enter(person(who))
  return { outbox, session, keptFiles, urlOf, ...rules }
}
const photoKey = (text: string) => app.keptFiles.keep(app.urlOf(new Blob([text], { type: 'image/jpeg' })))
const posts = () => server.sent.filter(({ method }) => method === 'POST')
const keys = () => posts().map(({ header }) => header['Idempotency-Key'])

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory()
  // Time passes as it does: a slow send must not look like one that waits.
  vi.stubGlobal('setTimeout', later)
  uploads.length = 0
  uploadReplies = []
  vi.stubGlobal('fetch', async (_url: string, { headers, body }: { headers: Record<string, string>; body: FormData }) => {
    const file = body.get('file') as File
    uploads.push({ key: headers['Idempotency-Key'], type: file.type })
    const reply = uploadReplies.shift() ?? { status: 201, body: { id: `file-${uploads.length}` } }
    if (reply === 'lost') throw new TypeError('failed')
    return { status: reply.status, headers: new Headers(), json: async () => reply.body, text: async () => JSON.stringify(reply.body) }
  })
  app = await open()
})

it('sends the photos, then the report with their ids, then forgets both', async () => {
  const [one, two] = [await photoKey('a'), await photoKey('b')]
  server.replies = [{ status: 201, body: { id: 'e1' } }]
  const outcome = await app.outbox.send({
    kind: 'report', title: '报事', path: '/events', body: { words: '灯坏了', file_ids: [app.photo(0), app.photo(1)] }, photos: [one, two],
  })
  expect(outcome).toEqual({ state: 'sent', answer: { id: 'e1' } })
  const id = keys()[0]
  expect(uploads.map(({ key }) => key)).toEqual([`${id}-p0`, `${id}-p1`])
  expect(posts()[0].data).toEqual({ words: '灯坏了', file_ids: ['file-1', 'file-2'] })
  expect(app.outbox.jobs.value).toEqual([])
  expect(await app.keptFiles.url(one)).toBe('')
})

it('keeps everything through a lost network and a killed app, and sends it with the same key', async () => {
  uploadReplies = [{ status: 201, body: { id: 'f1' } }, 'lost']
  const photos = [await photoKey('a'), await photoKey('b')]
  const outcome = await app.outbox.send({ kind: 'report', title: '', path: '/events', body: { file_ids: [app.photo(0), app.photo(1)] }, photos })
  expect(outcome.state).toBe('waiting')
  const { id } = app.outbox.jobs.value[0]
  app = await open()
  server.replies = ['lost']
  await app.outbox.flush()
  app = await open()
  server.replies = [{ status: 201, body: { id: 'e1' }, headers: { 'Idempotency-Replayed': 'true' } }]
  await app.outbox.flush()
  expect(keys()).toEqual([id, id])
  expect(posts()[1].data).toEqual(posts()[0].data)
  // The first photo, once answered for, is not sent again.
  expect(uploads.filter(({ key }) => key.endsWith('p0'))).toHaveLength(1)
  expect(app.outbox.jobs.value).toEqual([])
})

it('is written down before anything is sent', async () => {
  let kept = 0
  server.always = () => {
    kept = app.outbox.jobs.value.length
    return 'lost'
  }
  await app.outbox.send({ kind: 'note', title: '', path: '/x' })
  expect(kept).toBe(1)
})

it('sends in order and lets a disposal wait for the id of the report before it', async () => {
  server.always = () => 'lost'
  const report = await app.outbox.add({ kind: 'report', title: '', path: '/worker/events', body: {} })
  await app.outbox.add({ kind: 'dispose', title: '', path: `/worker/events/${app.made(report.id)}/dispose`, body: { result: '好了' } })
  await app.outbox.flush()
  expect(posts().every(({ url }) => url.endsWith('/worker/events'))).toBe(true)
  server.sent = []
  server.always = ({ url }) => ({ status: 200, body: { id: url.endsWith('/events') ? 'e7' : 'other' } })
  await app.outbox.flush()
  expect(posts().map(({ url }) => url)).toEqual(['/api/v1/worker/events', '/api/v1/worker/events/e7/dispose'])
  expect(await app.outbox.madeId(report.id)).toBe('e7')
})

it('keeps what was refused with its words, passes it by, and sends it again when asked', async () => {
  server.replies = [
    { status: 409, body: { title: '已被认领', detail: '刘霞刚刚认领了', code: 'already_claimed', action: '看看别的' } },
    { status: 200, body: {} },
  ]
  const outcome = await app.outbox.send({ kind: 'claim', title: '', path: '/worker/events/e1/claim' })
  expect(outcome).toMatchObject({ state: 'refused', problem: { status: 409, detail: '刘霞刚刚认领了', action: '看看别的' } })
  expect((await app.outbox.send({ kind: 'note', title: '', path: '/y' })).state).toBe('sent')
  const [refused] = app.outbox.jobs.value
  expect(refused.state).toBe('refused')
  server.replies = [{ status: 200, body: {} }]
  await app.outbox.retry(refused.id)
  expect(app.outbox.jobs.value).toEqual([])
  expect(keys().filter((key) => key === refused.id)).toHaveLength(2)
})

it('a changed body goes with the same key after a refusal, its photos anew', async () => {
  const photos = [await photoKey('a')]
  server.replies = [{ status: 422, body: { title: '有几处要改', errors: { words: ['请再写几个字'] } } }]
  await app.outbox.send({ kind: 'report', title: '', path: '/events', body: { words: '灯', file_ids: [app.photo(0)] }, photos })
  const [refused] = app.outbox.jobs.value
  expect(refused.problem?.fields).toEqual({ words: ['请再写几个字'] })
  server.replies = [{ status: 201, body: { id: 'e' } }]
  await app.outbox.retry(refused.id, { words: '路灯不亮', file_ids: [app.photo(0)] })
  expect(uploads.map(({ key }) => key)).toEqual([`${refused.id}-p0`, `${refused.id}-p0-1`])
  expect(posts().at(-1)?.data).toEqual({ words: '路灯不亮', file_ids: ['file-2'] })
})

it('what needs a removed action says that it cannot go', async () => {
  server.replies = [{ status: 422, body: {} }]
  const report = await app.outbox.add({ kind: 'report', title: '', path: '/worker/events' })
  await app.outbox.flush()
  await app.outbox.send({ kind: 'note', title: '', path: `/worker/events/${app.made(report.id)}/notes` })
  await app.outbox.remove(report.id)
  await app.outbox.flush()
  expect(app.outbox.jobs.value[0].problem?.code).toBe('lost_before')
})

it('removing forgets the photos too', async () => {
  const key = await photoKey('a')
  server.always = () => 'lost'
  uploadReplies = ['lost', 'lost']
  const job = await app.outbox.add({ kind: 'note', title: '', path: '/x', photos: [key] })
  await app.outbox.flush()
  await app.outbox.remove(job.id)
  expect(app.outbox.jobs.value).toEqual([])
  expect(await app.keptFiles.url(key)).toBe('')
})

it('a photo that the device has lost is told, not left out', async () => {
  const key = await photoKey('a')
  await app.keptFiles.drop(key)
  const outcome = await app.outbox.send({ kind: 'note', title: '', path: '/x', photos: [key] })
  expect(outcome).toMatchObject({ state: 'refused', problem: { code: 'lost_photo' } })
  expect(posts()).toEqual([])
})

it('waits for signing in, and sends under no other account', async () => {
  server.replies = [{ status: 401, body: {} }]
  await app.outbox.send({ kind: 'note', title: '', path: '/x' })
  expect(app.session.signedIn.value).toBe(false)
  app.session.enter(person('p2'))
  server.always = () => ({ status: 200, body: {} })
  await app.outbox.flush()
  expect(app.outbox.jobs.value).toEqual([])
  expect(posts()).toHaveLength(1)
  app.session.enter(person('p1'))
  await app.outbox.flush()
  expect(posts()).toHaveLength(2)
})

it('opened without a network it still knows whose actions wait, and asks who is there before sending', async () => {
  server.always = () => 'lost'
  await app.outbox.send({ kind: 'note', title: '', path: '/x' })
  app = await open('')
  await app.outbox.flush()
  expect(app.outbox.jobs.value).toHaveLength(1)
  expect(posts()).toHaveLength(1)
  server.always = ({ url }) => ({ status: 200, body: url.endsWith('/session') ? person('p1') : {} })
  await app.outbox.flush()
  expect(app.outbox.jobs.value).toEqual([])
})

it('two windows send each action once', async () => {
  server.always = () => 'lost'
  await app.outbox.add({ kind: 'note', title: '', path: '/one' })
  await app.outbox.add({ kind: 'note', title: '', path: '/two' })
  await app.outbox.flush()
  const locks = new Map<string, Promise<unknown>>()
  vi.stubGlobal('navigator', { locks: { request: (name: string, work: () => Promise<void>) => {
    const mine = (locks.get(name) ?? Promise.resolve()).then(work)
    locks.set(name, mine)
    return mine
  } } })
  const other = await open()
  server.sent = []
  server.always = () => ({ status: 200, body: {} })
  await Promise.all([app.outbox.flush(), other.outbox.flush()])
  expect(posts().map(({ url }) => url)).toEqual(['/api/v1/one', '/api/v1/two'])
})

it('asks the person about what may have arrived more than a day ago', async () => {
  server.always = () => 'lost'
  await app.outbox.send({ kind: 'report', title: '', path: '/events' })
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + app.SURE_MS + 60_000)
  server.sent = []
  await app.outbox.flush()
  const [job] = app.outbox.jobs.value
  expect(job.problem?.code).toBe('unsure')
  expect(posts()).toEqual([])
  server.always = () => ({ status: 201, body: {} })
  await app.outbox.retry(job.id)
  expect(app.outbox.jobs.value).toEqual([])
  vi.restoreAllMocks()
})

it('takes nothing from nobody', async () => {
  app = await open('')
  delete storage['outbox-owner']
  app = await open('')
  await expect(app.outbox.add({ kind: 'note', title: '', path: '/x' })).rejects.toMatchObject({ status: 401 })
})
