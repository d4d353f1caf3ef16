import { Problem, asProblem } from './problem'

/**
 * The one way to the API: same origin, cookie session, CSRF header, an idempotency key
 * for each thing a person does, and problem+json turned into `Problem`.
 */
export interface ClientOptions {
  fetch?: typeof fetch
  base?: string
  wait?: (ms: number) => Promise<void>
  newKey?: () => string
  /** Sent with every request: a machine's key. */
  headers?: Record<string, string>
}

export interface SendOptions {
  headers?: Record<string, string>
  /** Times a request that got no answer is sent again, with the same key. */
  retries?: number
}

export type Query = Record<string, string | number | boolean | null | undefined>

interface Cached {
  etag: string
  data: unknown
}

const TIMEOUT_MS = 12_000
const UPLOAD_MS = 60_000

export class Client {
  private csrf: string | null = null
  private readonly cache = new Map<string, Cached>()
  private readonly tags = new Map<string, string>()
  private readonly pending = new Map<string, string>()
  private readonly options: Required<ClientOptions>
  /** Called when the session is gone, so that the app can show the sign-in page. */
  onSignedOut: () => void = () => undefined
  /** Called when something is refused: roles may have changed since they were read. */
  onForbidden: () => void = () => undefined

  constructor(options: ClientOptions = {}) {
    this.options = {
      fetch: options.fetch ?? ((...args) => fetch(...args)),
      base: options.base ?? '/api/v1',
      wait: options.wait ?? ((ms) => new Promise((done) => setTimeout(done, ms))),
      newKey: options.newKey ?? (() => crypto.randomUUID()),
      headers: options.headers ?? {},
    }
  }

  useCsrf(token: string | null): void {
    this.csrf = token
  }

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return (await this.request('GET', path + queryString(query), undefined, {})).data as T
  }

  /** Like `get`, with `If-None-Match`: `changed` is false when the server has nothing newer. */
  async poll<T>(path: string, query: Query = {}): Promise<{ data: T; changed: boolean }> {
    const address = path + queryString(query)
    const cached = this.cache.get(address)
    const headers: Record<string, string> = cached ? { 'If-None-Match': cached.etag } : {}
    const answer = await this.request('GET', address, undefined, headers)
    if (answer.status === 304 && cached) return { data: cached.data as T, changed: false }
    if (answer.etag) this.cache.set(address, { etag: answer.etag, data: answer.data })
    return { data: answer.data as T, changed: true }
  }

  /** The answer with its ETag, for things people edit. */
  async read<T>(path: string, query: Query = {}): Promise<{ data: T; etag: string | null }> {
    const answer = await this.request('GET', path + queryString(query), undefined, {})
    return { data: answer.data as T, etag: answer.etag }
  }

  /** A setting that is edited as a whole: its state is remembered until `save` puts another in place. */
  async edit<T>(path: string): Promise<T> {
    const { data, etag } = await this.read<T>(path)
    this.tags.set(path, etag ?? '')
    return data
  }

  /** Puts a setting in place that was read with `edit`; refused (412) if it has changed since. */
  async save<T>(path: string, body: unknown): Promise<T> {
    const answer = await this.act('PUT', path, body, { headers: { 'If-Match': this.tags.get(path) ?? '' } })
    this.tags.set(path, answer.etag ?? '')
    return answer.data as T
  }

  /**
   * Does something. The key stays with the same path and body until the server answers,
   * so pressing the button again after a lost connection cannot act twice.
   */
  async send<T>(method: string, path: string, body?: unknown, options: SendOptions = {}): Promise<T> {
    return (await this.act(method, path, body, options)).data as T
  }

  private async act(method: string, path: string, body: unknown, options: SendOptions) {
    const print = `${method} ${path} ${JSON.stringify(body ?? null)}`
    const key = this.pending.get(print) ?? this.options.newKey()
    this.pending.set(print, key)
    const headers = { ...options.headers, 'Idempotency-Key': key }
    const retries = options.retries ?? 2
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await this.request(method, path, body ?? {}, headers)
        this.pending.delete(print)
        return answer
      } catch (error) {
        const problem = asProblem(error)
        if (!problem.transient) this.pending.delete(print)
        if (!problem.transient || attempt >= retries) throw problem
        await this.options.wait(300 * 2 ** attempt)
      }
    }
  }

  /** Sends one file. A new key each time: the same file twice is two files. */
  async upload<T>(path: string, form: FormData): Promise<T> {
    return (await this.request('POST', path, form, { 'Idempotency-Key': this.options.newKey() }, UPLOAD_MS)).data as T
  }

  private async request(
    method: string,
    address: string,
    body: unknown,
    headers: Record<string, string>,
    patience = TIMEOUT_MS,
  ) {
    const init: RequestInit = {
      method,
      credentials: 'same-origin',
      headers: { Accept: 'application/json', ...this.options.headers, ...headers },
      signal: AbortSignal.timeout(patience),
    }
    const sent = init.headers as Record<string, string>
    if (method !== 'GET') {
      if (this.csrf) sent['X-CSRF-Token'] = this.csrf
      if (body instanceof FormData) init.body = body
      else if (method !== 'DELETE') {
        sent['Content-Type'] = 'application/json'
        init.body = JSON.stringify(body)
      }
    }
    let response: Response
    try {
      response = await this.options.fetch(this.options.base + address, init)
    } catch (error) {
      throw asProblem(error)
    }
    const etag = response.headers.get('ETag')
    if (response.status === 304 || response.status === 204) {
      return { status: response.status, etag, data: null as unknown }
    }
    const data = await parse(response)
    if (!response.ok) {
      if (response.status === 401) this.onSignedOut()
      if (response.status === 403) this.onForbidden()
      throw new Problem({ ...(data as object), status: response.status })
    }
    return { status: response.status, etag, data }
  }
}

async function parse(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!text) return null
  try {
    return JSON.parse(text)
  } catch {
    // A proxy's page instead of JSON: the status alone decides what to say.
    return response.ok ? null : {}
  }
}

export function queryString(query: Query): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value))
  }
  const text = params.toString()
  return text ? `?${text}` : ''
}

export const client = new Client()
