/** node --test design/ : every pair of colours that is written on each other can be read. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { contrast } from './colour.mjs'

const tokens = JSON.parse(readFileSync(new URL('./tokens.json', import.meta.url), 'utf8'))

test('black on white is 21 to 1, a colour on itself 1 to 1', () => {
  assert.equal(contrast('#000000', '#FFFFFF').toFixed(2), '21.00')
  assert.equal(contrast('#0052D9', '#0052D9'), 1)
})

for (const [front, back, least] of tokens.contrast.pairs) {
  test(`${front} on ${back} reaches ${least}`, () => {
    const ratio = contrast(tokens.colour[front], tokens.colour[back])
    assert.ok(ratio >= least, `${ratio.toFixed(2)} < ${least}`)
  })
}
