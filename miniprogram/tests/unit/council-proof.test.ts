import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { RollProof } from '@/api/council'
import { fault, newOwner } from '@/packages/council/lib/owners'
import { checkRoll, rollOf } from '@/packages/council/lib/roll'
import { sha256, utf8 } from '@/packages/council/lib/sha256'
import { hex } from '@/platform/types'

// Made by the server's own rules (backend/domains/deliberation/roll_rules.py) from five seats.
const PROOFS = [
  {
    "entry_id": "e3",
    "line": {
      "n": 3,
      "commitment": "d7aa1884319130c58156bdf530d38da3dc4a86f8b1c843b29d8426c0b790fc95",
      "rooms": [
        "1-1-301“甲”"
      ],
      "area_centi": 8938
    },
    "salt": "03030303030303030303030303030303",
    "opening": {
      "ref": "0190-3",
      "rooms": [
        [
          "room-3",
          "1-1-301“甲”",
          8938
        ]
      ],
      "persons": [
        "p3"
      ]
    },
    "path": [
      "5c1dc971c000c7b2e38b71b72c6523ce58673be518640f63fbd65008111d6050",
      "3f63521b68ab594cf54fd74a22663abe4d0119b25d621583a62153f5a99fb386",
      "0eb339989aaa4ef297f1d40a0cabec51b56d31787306b01cb086dabbe6bae176"
    ],
    "size": 5,
    "root": "a0bd8a38c1e52764971f5f6305fa8649195d9c095d1e416930f552003547f87d"
  },
  {
    "entry_id": "e5",
    "line": {
      "n": 5,
      "commitment": "8ba82f4f3de6c3f2ca4fd40e8d8aa4d3384022596db7ba51fb0248d236c3dba7",
      "rooms": [
        "1-1-501“甲”"
      ],
      "area_centi": 8940
    },
    "salt": "05050505050505050505050505050505",
    "opening": {
      "ref": "0190-5",
      "rooms": [
        [
          "room-5",
          "1-1-501“甲”",
          8940
        ]
      ],
      "persons": [
        "p5"
      ]
    },
    "path": [
      "fa5ac6be4afba9b9bb8dd8b66ff1f255c6828338b6bce63dac0ebe55957d1239"
    ],
    "size": 5,
    "root": "a0bd8a38c1e52764971f5f6305fa8649195d9c095d1e416930f552003547f87d"
  }
] as unknown as RollProof[]
const ROOT = PROOFS[0].root
const NOTE = `huying-vote/1\n0\nAAAA\nreceipts 0 AAAA\nroll ${ROOT}\nvote 00\nopening 0 2026-11-22T00:00:00Z\n\n— huying-vote AAAA\n`

it.each([0, 1, 55, 56, 63, 64, 65, 1000])('hashes %i bytes as everybody does', (length) => {
  const bytes = Uint8Array.from({ length }, (_, at) => (at * 7) % 256)
  expect(hex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'))
})
it('writes Chinese as UTF-8', () => {
  expect(hex(utf8('桂香苑“甲”a'))).toBe(Buffer.from('桂香苑“甲”a').toString('hex'))
})

describe('one\'s seat on the frozen roll', () => {
  it('is found again under the root that the checkpoint promises', () => {
    expect(rollOf(NOTE)).toBe(ROOT)
    expect(PROOFS.map((one) => checkRoll(one, rollOf(NOTE)))).toEqual(['fits', 'fits'])
  })
  it('does not fit another checkpoint, another line, another place or a cut path', () => {
    const [one] = PROOFS
    expect(rollOf('nothing')).toBe('')
    expect(checkRoll(one, '')).toBe('other_roll')
    expect(checkRoll(one, ROOT.replace(/^./, (first) => (first === '0' ? '1' : '0')))).toBe('other_roll')
    expect(checkRoll({ ...one, line: { ...one.line, area_centi: 1 } }, ROOT)).toBe('other_roll')
    expect(checkRoll({ ...one, line: { ...one.line, n: 4 } }, ROOT)).toBe('other_roll')
    expect(checkRoll({ ...one, path: one.path.slice(1) }, ROOT)).toBe('other_roll')
    expect(checkRoll({ ...one, path: [...one.path, ROOT] }, ROOT)).toBe('other_roll')
  })
  it('is not mine when what is behind the line names other rooms', () => {
    const [one] = PROOFS
    expect(checkRoll({ ...one, opening: { ...one.opening, rooms: [['r', '9-9-901', 1]] } }, ROOT)).toBe('other_seat')
    expect(checkRoll({ ...one, salt: one.salt.replace('03', '04') }, ROOT)).toBe('other_seat')
  })
})

describe('a new owner', () => {
  const company = { kind: 'company' as const, name: '岭川宏业', id_number: '91990199MA0HY2026X', phone: '' }
  it('needs a name and a number that can be one', () => {
    expect(fault(newOwner())).toEqual({ name: '请写姓名', id_number: '请填写身份证号', phone: '' })
    expect(fault({ ...newOwner(), name: '张三', id_number: '11010119900307', phone: '1380' })).toEqual({ name: '', id_number: '身份证号是 18 位，现在是 14 位', phone: '请填写 11 位手机号' })
    expect(fault(company)).toEqual({ name: '', id_number: '', phone: '' })
    expect(fault({ ...company, name: ' ', id_number: '91990199' })).toEqual({ name: '请写单位名称', id_number: '统一社会信用代码是 18 位数字和字母', phone: '' })
  })
})
