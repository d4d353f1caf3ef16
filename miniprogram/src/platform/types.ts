import type { SubscribeResult } from '@/api/types'
import type { Keeping } from './keeping'

export interface Point {
  latitude: number
  longitude: number
}

/** Where the device is, in the platform's own coordinates; `accuracy` in metres. */
export interface Located extends Point {
  accuracy: number
}

/** A spoken note on the device; `path` can be played, kept and uploaded. */
export interface Voice {
  path: string
  seconds: number
}

export interface Recording {
  /** Resolves when the note is over: `stop` was called, or the longest time has passed. */
  done: Promise<Voice>
  stop(): void
}

/** Speech being understood; `done` rejects when nothing could be. */
export interface Listening {
  done: Promise<void>
  stop(): void
}

export interface Playing {
  ended: Promise<void>
  stop(): void
}

/** What a person has set in WeChat for subscribe messages. */
export interface Subscriptions {
  /** Off: WeChat sends nothing and asks nothing. */
  on: boolean
  /** Templates for which 'always keep this choice' is ticked: WeChat asks no more about them. */
  always: Record<string, SubscribeResult>
}

export interface Upload {
  url: string
  /** A path that `chooseImage`, `recordVoice` or the kept files gave. */
  path: string
  form: Record<string, string>
  headers: Record<string, string>
}

/** A time for the phone's own calendar; `file` is where it is written as iCalendar. */
export interface CalendarEntry {
  title: string
  place: string
  start: string
  end: string
  file: string
}

/** What differs between WeChat and a browser; everything else is written once. */
export interface Platform extends Keeping {
  /** The channel named to the server when signing in. */
  channel: 'weixin' | 'h5'
  /** WeChat keeps a bearer token; a browser keeps an HttpOnly cookie and a CSRF token. */
  keepsToken: boolean
  /** Whether a page without a way back gets a way home from the platform. */
  showsWayHome: boolean
  /** Whether `<button open-type="getPhoneNumber">` hands over a code. */
  phoneByWechat: boolean
  /** A single-use WeChat code. A browser has none of its own and asks `demoCode`. */
  loginCode(demoCode: () => Promise<string>): Promise<string>
  /** Whether the consent question below must be asked by the app before `subscribe`. */
  asksSubscribeItself: boolean
  /** The answer of the person to each template; must be called from a tap. */
  subscribe(templateIds: string[]): Promise<Record<string, SubscribeResult>>
  /** What the platform itself keeps about subscribe messages; null where it keeps nothing. */
  subscriptions(): Promise<Subscriptions | null>
  /** Whether the platform has a page of its own on which subscribe messages are switched. */
  hasSubscriptionPage: boolean
  /** Opens that page; resolves when the person comes back. Must be called from a tap. */
  openSubscriptionPage(): Promise<void>
  /** Resolves when personal data may be used; rejects when the person declines. */
  authorisePrivacy(): Promise<void>
  call(phone: string): void
  /** The system of every coordinate that this platform gives and its map takes. */
  coordinates: 'wgs84' | 'gcj02'
  /** Rejects when the person or the device does not tell; must be called from a tap. */
  getLocation(): Promise<Located>
  /** Tells the place again and again while the app is open; `lost` when it cannot. The result stops it. */
  watchPlace(listener: (place: Located) => void, lost: () => void): () => void
  /** Opens a map that leads to the place; `link` where the app has no coordinates. */
  navigate(at: Point | null, name: string, link: string): void
  /** Paths of photos, none when the person turns back. */
  chooseImage(most: number, source: 'camera' | 'album'): Promise<string[]>
  /** Whether this device can record at all. */
  canRecord(): boolean
  /** Rejects when the person or the device refuses the microphone. */
  recordVoice(mostSeconds: number): Promise<Recording>
  playVoice(path: string): Playing
  /** Whether this device turns speech into words by itself, without sending it to anybody. */
  canListen(): Promise<boolean>
  /** Hands over what is understood so far, again and again; must be called from a tap. */
  listen(heard: (words: string) => void): Listening
  /** Opens a public document for reading; `kind` is how its name ends. */
  openFile(url: string, name: string, kind: string): Promise<void>
  /** An address that an image or a player can take: a browser's carries its cookie, WeChat's does not. */
  media(url: string, headers: Record<string, string>): Promise<string>
  /** Sends one file as a form; resolves with any answer, rejects when there was none. */
  upload(what: Upload): Promise<{ statusCode: number; data: unknown }>
  /** Bytes nobody can guess, in hex; rejects where the device has no such source. */
  secret(bytes: number): Promise<string>
  copy(text: string): Promise<void>
  /** Opens an address outside the app; WeChat leads nowhere outside, so there it is copied. */
  openLink(url: string): Promise<'opened' | 'copied'>
  /** Puts a time into the phone's own calendar: by WeChat, or as the file at `file`. */
  addToCalendar(entry: CalendarEntry): Promise<void>
  /** Hands a text over as a file (browser) or shares it (WeChat). */
  saveText(name: string, text: string): Promise<void>
  /** Lets elder mode reach what is outside the page's own tree. */
  showElder(on: boolean): void
  /** Has these pages on the device, so that they open without a network later. */
  prepare(pages: string[]): void
  /** Runs once at launch. */
  launch(): void
}

/** Bytes as lower-case hex. */
export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

interface Callbacks<R> {
  success: (result: R) => void
  fail: (error: { errMsg?: string } | undefined) => void
}

/** A uni.* call with callbacks as a promise. */
export const promised = <R, T>(
  start: (callbacks: Callbacks<R>) => void,
  pick: (result: R) => T,
): Promise<T> =>
  new Promise((resolve, reject) =>
    start({
      success: (result) => resolve(pick(result)),
      fail: (error) => reject(new Error(error?.errMsg ?? String(error))),
    }),
  )
