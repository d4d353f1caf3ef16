import { describe, expect, it } from 'vitest'
import { KEY_MAP, isTyping, keyName, keysFor } from '@/lib/keys'

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  keyName({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more })

describe('the name of a pressed key', () => {
  it.each([
    ['n', {}, 'N'],
    ['?', { shiftKey: true }, '?'],
    ['Escape', {}, 'Esc'],
    ['s', { ctrlKey: true }, 'Ctrl+S'],
    ['s', { metaKey: true }, 'Ctrl+S'],
    ['¡', { altKey: true, code: 'Digit1' }, 'Alt+1'],
    ['Enter', {}, 'Enter'],
  ])('%s %o is %s', (key, more, name) => expect(press(key, more)).toBe(name))
})

describe('the keyboard map', () => {
  it('gives a key one meaning on a page', () => {
    for (const page of new Set(KEY_MAP.map((binding) => binding.page ?? ''))) {
      const { common, here } = keysFor(page)
      const keys = [...common, ...here].map((binding) => binding.key)
      expect(new Set(keys).size).toBe(keys.length)
    }
  })
  it('has every command of a window', () => {
    expect(keysFor('window').here.map((binding) => binding.key)).toEqual(['N', 'R', 'S', 'B', 'F', 'O', 'P'])
  })
})

describe('typing', () => {
  const element = (tagName: string, type = '') =>
    ({ tagName, type, isContentEditable: false }) as unknown as EventTarget
  it('is text in fields', () => {
    expect(isTyping(element('INPUT', 'search'))).toBe(true)
    expect(isTyping(element('TEXTAREA'))).toBe(true)
    expect(isTyping(element('SELECT'))).toBe(true)
  })
  it('is a command elsewhere', () => {
    expect(isTyping(element('INPUT', 'checkbox'))).toBe(false)
    expect(isTyping(element('BUTTON'))).toBe(false)
    expect(isTyping(null)).toBe(false)
  })
})
