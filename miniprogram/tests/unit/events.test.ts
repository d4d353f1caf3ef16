import { afterEach, expect, it, vi } from 'vitest'
import { emergencyIn } from '@/lib/emergency'
import { eventPause, eventTone, isOver } from '@/lib/event'
import { shown } from '@/lib/media'
import { linkTarget, to } from '@/lib/nav'
import { distance, pointOf, whereOf } from '@/lib/place'
import { attachmentsOf, bodyOf, missing, type Draft } from '@/packages/events/lib/draft'
import { eventIdOf } from '@/packages/events/lib/by-receipt'
import { ASKING } from '@/packages/events/lib/asking'
import { boxOf, cornersOf, groups, rings, type Areas } from '@/platform/map'
import { platform } from '#platform'
import { server } from './setup'

const point = { latitude: 22.6, longitude: 113.99 }
const draft = (part: Partial<Draft> = {}): Draft => ({
  photos: [], words: '', voice: null, place: { point: null, address: '' }, category: { code: '', name: '' }, confidential: false, ...part,
})

afterEach(() => {
  platform.coordinates = 'wgs84'
})

it('knows danger without a network, and which number to call', () => {
  expect(emergencyIn('三楼着火了，有人晕倒')?.services.map(({ number }) => number)).toEqual(['119', '120'])
  expect(emergencyIn('路口两辆车追尾')?.services[0].number).toBe('122')
  expect(emergencyIn('有人持刀')?.services[0].number).toBe('110')
  expect(emergencyIn('路灯不亮')).toBeNull()
})

it('takes and gives places in the coordinates of the platform', () => {
  const place = { ...point, gcj02: { latitude: 22.597, longitude: 113.995 } }
  expect(pointOf(place)).toEqual(point)
  expect(whereOf(point)).toEqual({ ...point, coordinate_system: 'wgs84' })
  platform.coordinates = 'gcj02'
  expect(pointOf(place)).toEqual(place.gcj02)
  expect(whereOf(point).coordinate_system).toBe('gcj02')
  expect(pointOf({ latitude: null, longitude: null, gcj02: null })).toBeNull()
  expect(whereOf(null)).toEqual({})
})

it('says distances roundly', () => {
  expect([distance(3), distance(83), distance(1234)]).toEqual(['约 10 米', '约 80 米', '约 1.2 公里'])
})

it('asks anew while something can still happen, and never after the end', () => {
  expect(eventPause({ state: 'claimed' })).toBe(15_000)
  expect(eventPause({ state: 'cancelled' })).toBe(0)
  expect(eventPause(null)).toBe(15_000)
  expect([isOver('closed'), isOver('disposed')]).toEqual([true, false])
  expect([eventTone('called'), eventTone('disposed'), eventTone('reopened'), eventTone('merged')]).toEqual(['brand', 'good', 'warn', 'plain'])
})

it('leads a message about an event to its page', () => {
  expect(linkTarget('/events/7')).toBe(to.event('7'))
})

it('says what is missing, field by field', () => {
  expect(missing(draft())).toMatchObject({ words: expect.stringContaining('一句话'), place: expect.stringContaining('在哪里') })
  expect(missing(draft({ voice: { key: 'v', seconds: 3 }, place: { point: null, address: '楼下' } }))).toEqual({ words: '', place: '' })
  expect(missing(draft({ words: '  ', place: { point, address: '' } }))).toMatchObject({ place: '' })
})

it('names attachments by their place, photos first and the voice note last', () => {
  const full = draft({ photos: ['a', 'b'], voice: { key: 'v', seconds: 5 }, words: ' 路灯不亮 ', place: { point, address: ' 12 号 ' } })
  expect(bodyOf(full, 'light')).toEqual({
    words: '路灯不亮', category_code: 'light', address: '12 号', ...point, coordinate_system: 'wgs84',
    file_ids: ['photo:0', 'photo:1'], voice_id: 'photo:2', confidential: false,
  })
  expect(attachmentsOf(full).map(({ key, purpose }) => `${key} ${purpose}`)).toEqual(['a event_photo', 'b event_photo', 'v event_voice'])
  expect(bodyOf(draft({ words: 'x' }), '')).toMatchObject({ category_code: null, voice_id: null, file_ids: [] })
})

it('has words for all that a reporter may ask afterwards', () => {
  for (const asked of Object.values(ASKING)) expect(asked.title && asked.yes && asked.placeholder).toBeTruthy()
})

it('reads areas of one part and of several', () => {
  const ring = [[113, 22], [114, 22], [114, 23], [113, 22]]
  const properties = { id: 'a', kind: 'cell' as const, code: 'a', name: '一' }
  const areas: Areas = {
    type: 'FeatureCollection',
    features: [
      { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } },
      { type: 'Feature', properties, geometry: { type: 'MultiPolygon', coordinates: [[ring], [[[115, 21], [115, 24], [116, 21]]]] } },
    ],
  }
  expect(rings(areas.features[1])).toHaveLength(2)
  expect(boxOf(cornersOf(areas))).toEqual([113, 21, 116, 24])
  expect(boxOf([])).toBeNull()
})

it('asks for the areas once, again after a failure, and in the coordinates of the map', async () => {
  vi.resetModules()
  const { areas, loadAreas } = await import('@/stores/areas')
  server.replies = ['lost', 'lost', { status: 200, body: { type: 'FeatureCollection', features: [] } }]
  await expect(loadAreas()).rejects.toMatchObject({ code: 'network' })
  await Promise.all([loadAreas(), loadAreas()])
  expect(server.sent).toHaveLength(3)
  expect(server.sent[2].url).toContain('/public/areas?system=wgs84')
  expect(areas.value?.features).toEqual([])
})

it('remembers where a picture is shown from, and asks again for one that failed', async () => {
  const media = vi.spyOn(platform, 'media').mockRejectedValueOnce(new Error('lost')).mockResolvedValue('/tmp/a.jpg')
  expect(await shown('/api/v1/files/a')).toBe('')
  expect(await shown('/api/v1/files/a')).toBe('/tmp/a.jpg')
  expect(await shown('/api/v1/files/a')).toBe('/tmp/a.jpg')
  expect(media).toHaveBeenCalledTimes(2)
})

it('finds the event behind a number, page by page', async () => {
  server.replies = [
    { status: 200, body: { items: [{ id: 'e1', number: 'E1' }], next_cursor: 'n' } },
    { status: 200, body: { items: [{ id: 'e2', number: 'E2' }], next_cursor: null } },
    { status: 200, body: { items: [], next_cursor: null } },
  ]
  expect(await eventIdOf('E2')).toBe('e2')
  await expect(eventIdOf('E9')).rejects.toMatchObject({ status: 404 })
})

it('draws marks that would cover each other as one', () => {
  const marks = [{ x: 0, y: 0 }, { x: 10, y: 5 }, { x: 100, y: 0 }]
  expect(groups(marks, (mark) => mark, 36).map((group) => group.length)).toEqual([2, 1])
})
