/** SHA-256 (FIPS 180-4), for platforms without a cryptography of their own: WeChat has none. */

const primes = (count: number): number[] => {
  const found: number[] = []
  for (let n = 2; found.length < count; n += 1) if (found.every((p) => n % p)) found.push(n)
  return found
}
/** The first 32 bits of the fraction of a root. */
const fraction = (value: number): number => ((value - Math.floor(value)) * 2 ** 32) >>> 0
const K = primes(64).map((p) => fraction(Math.cbrt(p)))
const START = primes(8).map((p) => fraction(Math.sqrt(p)))
const right = (x: number, by: number): number => (x >>> by) | (x << (32 - by))

function padded(bytes: Uint8Array): DataView {
  const whole = new Uint8Array((Math.floor((bytes.length + 8) / 64) + 1) * 64)
  whole.set(bytes)
  whole[bytes.length] = 0x80
  const view = new DataView(whole.buffer)
  view.setUint32(whole.length - 8, Math.floor(bytes.length / 2 ** 29))
  view.setUint32(whole.length - 4, (bytes.length << 3) >>> 0)
  return view
}

/** The hash, 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes)
  const state = [...START]
  const w = new Array<number>(64)
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(block + i * 4)
    for (let i = 16; i < 64; i += 1) {
      const s0 = right(w[i - 15], 7) ^ right(w[i - 15], 18) ^ (w[i - 15] >>> 3)
      const s1 = right(w[i - 2], 17) ^ right(w[i - 2], 19) ^ (w[i - 2] >>> 10)
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) >>> 0
    }
    let [a, b, c, d, e, f, g, h] = state
    for (let i = 0; i < 64; i += 1) {
      const t1 = (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) >>> 0
      const t2 = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) >>> 0
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) >>> 0, c, b, a, (t1 + t2) >>> 0]
    }
    ;[a, b, c, d, e, f, g, h].forEach((word, at) => (state[at] = (state[at] + word) >>> 0))
  }
  const out = new DataView(new ArrayBuffer(32))
  state.forEach((word, at) => out.setUint32(at * 4, word))
  return new Uint8Array(out.buffer)
}

/** Text as UTF-8; WeChat has no TextEncoder. */
export function utf8(text: string): Uint8Array {
  const bytes = unescape(encodeURIComponent(text))
  return Uint8Array.from(bytes, (one) => one.charCodeAt(0))
}

export const unhex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))

export function joined(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
