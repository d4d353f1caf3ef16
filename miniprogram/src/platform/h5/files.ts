import type { Upload } from '../types'

/** What stands behind the object URLs of this page: the content policy lets nothing fetch them. */
const blobs = new Map<string, Blob>()

/** A path for a blob: it can be shown, played, kept and uploaded until the page is closed. */
export function urlOf(blob: Blob): string {
  const url = URL.createObjectURL(blob)
  blobs.set(url, blob)
  return url
}

/** Lets go of a path that is shown no more. */
export function forget(path: string): void {
  URL.revokeObjectURL(path)
  blobs.delete(path)
}

/** The blob behind a path that this page made; undefined for any other path. */
export const blobOf = (path: string): Blob | undefined => blobs.get(path)

const LONGEST = 1920
const QUALITY = 0.85
const SMALL = 400_000

/** A photo of at most 1920 pixels; what cannot be read as a picture stays as it is. */
async function shrunk(file: File): Promise<Blob> {
  if (file.size <= SMALL) return file
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
    return small && small.size < file.size ? small : file
  } catch {
    // The server says in words what it cannot take.
    return file
  }
}

export function chooseImage(most: number, source: 'camera' | 'album'): Promise<string[]> {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = 'image/*'
  input.multiple = source === 'album' && most > 1
  if (source === 'camera') input.setAttribute('capture', 'environment')
  return new Promise((resolve, reject) => {
    input.addEventListener('cancel', () => resolve([]))
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])].slice(0, most)
      Promise.all(files.map(shrunk)).then((photos) => resolve(photos.map(urlOf)), reject)
    })
    input.click()
  })
}

const ENDINGS: Record<string, string> = {
  'image/png': 'png', 'image/webp': 'webp', 'image/gif': 'gif', 'audio/mp4': 'm4a', 'audio/webm': 'webm',
  'audio/ogg': 'ogg', 'audio/mpeg': 'mp3', 'audio/wav': 'wav',
}
const fileName = (blob: Blob): string => {
  if (blob instanceof File && blob.name) return blob.name
  return `file.${ENDINGS[blob.type.split(';')[0]] ?? 'jpg'}`
}

const TIMEOUT_MS = 60_000

export async function upload({ url, path, form, headers }: Upload): Promise<{ statusCode: number; data: unknown }> {
  const blob = blobOf(path)
  if (!blob) throw new Error('no such file')
  const body = new FormData()
  Object.entries(form).forEach(([name, value]) => body.append(name, value))
  body.append('file', blob, fileName(blob))
  const given = new AbortController()
  const timer = setTimeout(() => given.abort(), TIMEOUT_MS)
  try {
    const answer = await fetch(url, { method: 'POST', body, headers, credentials: 'same-origin', signal: given.signal })
    return { statusCode: answer.status, data: await answer.json().catch(() => null) }
  } finally {
    clearTimeout(timer)
  }
}
