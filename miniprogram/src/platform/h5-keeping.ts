import { createStore, del, entries, get, set, type UseStore } from 'idb-keyval'
import { uuid } from '@/lib/uuid'
import { blobOf, forget, urlOf } from './h5/files'
import type { Keeping } from './keeping'

/** Bytes, not a Blob: some browsers cannot keep Blobs in a private window. */
interface KeptFile {
  name: string
  type: string
  bytes: ArrayBuffer
  at: number
}

const LEASE_MS = 30_000
const LOOK_MS = 1000

// Opened at first use: a browser that forbids storage must still show the pages.
const opened: Record<string, UseStore> = {}
const store = (name: string): UseStore => (opened[name] ??= createStore(`huying-${name}`, name))
const urls = new Map<string, string>()

async function fileOf(key: string): Promise<File | null> {
  const kept = await get<KeptFile>(key, store('files'))
  return kept ? new File([kept.bytes], kept.name, { type: kept.type }) : null
}

interface Lease {
  by: string
  until: number
}

/** Where the browser has no locks (an address without https): a lease that a dead window loses. */
async function byLease(name: string, work: () => Promise<void>): Promise<void> {
  const [place, mine] = [`lease:${name}`, uuid()]
  const holder = (): Lease | null => JSON.parse(localStorage.getItem(place) ?? 'null') as Lease | null
  const take = (): void => localStorage.setItem(place, JSON.stringify({ by: mine, until: Date.now() + LEASE_MS }))
  for (;;) {
    const now = holder()
    if (!now || now.until < Date.now()) {
      take()
      // Two windows may have written at once: the last one has it.
      await new Promise((resolve) => setTimeout(resolve, 50))
      if (holder()?.by === mine) break
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  const renewing = setInterval(take, LEASE_MS / 3)
  try {
    await work()
  } finally {
    clearInterval(renewing)
    localStorage.removeItem(place)
  }
}

export const keeping: Keeping = {
  shelf: {
    put: (key, value) => set(key, JSON.parse(JSON.stringify(value)), store('shelf')),
    get: (key) => get(key, store('shelf')),
    drop: (key) => del(key, store('shelf')),
    all: async <T>(drawer: string) =>
      (await entries<string, T>(store('shelf'))).filter(([key]) => key.startsWith(`${drawer}:`)).map(([, value]) => value),
  },
  keepFile: async (tempPath) => {
    const blob = blobOf(tempPath)
    if (!blob) throw new Error('no such file')
    const key = uuid()
    const ending = blob.type.split('/')[1]?.split(';')[0] || 'bin'
    const kept: KeptFile = { name: `${key}.${ending}`, type: blob.type, bytes: await blob.arrayBuffer(), at: Date.now() }
    await set(key, kept, store('files'))
    return key
  },
  keptUrl: async (key) => {
    const known = urls.get(key)
    if (known) return known
    const file = await fileOf(key)
    if (!file) return ''
    const url = urlOf(file)
    urls.set(key, url)
    return url
  },
  dropFile: async (key) => {
    const url = urls.get(key)
    if (url) forget(url)
    urls.delete(key)
    await del(key, store('files'))
  },
  keptFiles: async () => (await entries<string, KeptFile>(store('files'))).map(([key, { at }]) => ({ key, at })),
  onNetwork: (listener) => {
    const [came, went] = [() => listener(true), () => listener(false)]
    window.addEventListener('online', came)
    window.addEventListener('offline', went)
    return () => {
      window.removeEventListener('online', came)
      window.removeEventListener('offline', went)
    }
  },
  alone: async (name, work) => {
    if (navigator.locks) await navigator.locks.request(name, work)
    else await byLease(name, work)
  },
}
