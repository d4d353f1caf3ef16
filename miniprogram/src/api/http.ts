import { credentials } from './credentials'
import { fromAnswer, offline, type ApiError } from './errors'
import { looked, type Look } from './looked'
import { platform } from '#platform'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
export type Query = Record<string, string | number | boolean | null | undefined>

export interface Options {
  query?: Query
  body?: Record<string, unknown>
  /** Names one action of the person; the same key is sent on every retry of it. */
  key?: string
  /** Reads times that can be booked: the proof of having looked comes with them. */
  looks?: true
  /** Asks for a place, which wants that proof; where to look first if nothing was looked at yet. */
  proof?: true | Look
  /** The version already held: an unchanged answer comes back as `null`. */
  etag?: string
  /** Further attempts after a lost connection; only safe calls and keyed ones are repeated. */
  retries?: number
}

export interface Answer<T> {
  data: T
  etag: string
}

interface Raw {
  statusCode: number
  data: unknown
  header: Record<string, string>
}

const BASE = `${__API_ORIGIN__}/api/v1`
const PROOF = 'x-booking-proof'
const TIMEOUT_MS = 15_000
const PAUSE_MS = 400

export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return BASE + path + (pairs.length ? `?${pairs.join('&')}` : '')
}

/** A file's address in an answer, whole. */
export const fileAddress = (url: string): string => (url.startsWith('/') ? __API_ORIGIN__ + url : url)

const header = (headers: Record<string, string>, name: string): string =>
  Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1] ?? ''

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function send(method: Method, path: string, options: Options): Promise<Raw> {
  const headers: Record<string, string> = { Accept: 'application/json', ...credentials.headers(method !== 'GET') }
  if (options.key) headers['Idempotency-Key'] = options.key
  if (options.proof) headers['X-Booking-Proof'] = await proofFor(options)
  if (options.etag) headers['If-None-Match'] = options.etag
  if (method !== 'GET') headers['Content-Type'] = 'application/json'
  const raw = await new Promise<Raw>((resolve, reject) =>
    uni.request({
      url: address(path, options.query),
      // @dcloudio/types leaves PATCH out; both targets send it.
      method: method as 'GET',
      data: method === 'GET' ? undefined : options.body ?? {},
      header: headers,
      timeout: TIMEOUT_MS,
      success: (result) => resolve(result as Raw),
      fail: () => reject(offline()),
    }),
  )
  if (options.looks && raw.statusCode === 200) looked.note({ path, query: options.query }, header(raw.header, PROOF))
  return raw
}

/** The proof for a call: the one that came with the times, or else they are looked at again. */
async function proofFor(options: Options): Promise<string> {
  const key = options.key ?? ''
  const kept = looked.for(key)
  if (kept) return kept
  const at = looked.at() ?? (options.proof === true ? null : options.proof)
  if (!at) return ''
  await send('GET', at.path, { query: at.query, looks: true })
  return looked.for(key)
}

/** Hands every 401 to whoever keeps the session, and a stale CSRF token to be renewed. */
type Watcher = { signedOut: () => void; renewCsrf: () => Promise<boolean> }
let watcher: Watcher = { signedOut: () => undefined, renewCsrf: async () => false }
export const watchSession = (next: Watcher): void => {
  watcher = next
}

async function attempt(method: Method, path: string, options: Options): Promise<Raw> {
  const tries = 1 + (options.retries ?? (method === 'GET' || options.key ? 1 : 0))
  for (let count = 1; ; count += 1) {
    try {
      return await send(method, path, options)
    } catch (error) {
      if (count >= tries) throw error
      await pause(PAUSE_MS * count)
    }
  }
}

/** Calls the API; `null` means unchanged since `etag`. Throws ApiError, never anything else. */
export const call = <T>(method: Method, path: string, options: Options = {}): Promise<Answer<T> | null> =>
  judged(() => attempt(method, path, options), options)

/** What came of a sending: its answer, or an ApiError. A stale CSRF token or proof is renewed once. */
async function judged<T>(sending: () => Promise<Raw>, options: Options = {}): Promise<Answer<T> | null> {
  let raw = await sending()
  if (raw.statusCode === 403 && isCsrf(raw.data) && (await watcher.renewCsrf())) {
    raw = await sending()
  }
  if (raw.statusCode === 409 && options.proof && codeOf(raw.data) === 'look_first') {
    looked.drop()
    raw = await sending()
  }
  if (raw.statusCode === 304) return null
  if (raw.statusCode >= 200 && raw.statusCode < 300) {
    return { data: raw.data as T, etag: header(raw.header, 'etag') }
  }
  const error: ApiError = fromAnswer(raw.statusCode, raw.data)
  if (error.status === 401) watcher.signedOut()
  throw error
}

const codeOf = (body: unknown): string => String((body as { code?: string } | null)?.code ?? '')
const isCsrf = (body: unknown): boolean => /csrf/i.test(codeOf(body))

export async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const answer = await call<T>(method, path, options)
  return (answer as Answer<T>).data
}

/** Sends one file of the device; the same key may be sent again. Throws ApiError, never anything else. */
export async function upload<T>(path: string, file: string, form: Record<string, string>, key: string): Promise<T> {
  const sending = (): Promise<Raw> =>
    platform
      .upload({
        url: address(path),
        path: file,
        form,
        headers: { Accept: 'application/json', 'Idempotency-Key': key, ...credentials.headers(true) },
      })
      .then(
        (answer) => ({ ...answer, header: {} }),
        () => Promise.reject(offline()),
      )
  return ((await judged<T>(sending)) as Answer<T>).data
}
