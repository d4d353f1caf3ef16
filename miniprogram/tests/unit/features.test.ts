import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { features, type Feature } from '@/lib/features'

const read = (path: string) => readFileSync(resolve(__dirname, path), 'utf8')
const routes = JSON.parse(read('../../../docs/openapi.json')).paths as Record<string, Record<string, unknown>>
const shape = (path: string) => path.replace(/^\/api\/v1/, '').replace(/\$?\{[^}]*\}/g, '{}')
const documented = new Set(
  Object.entries(routes).flatMap(([path, ways]) => Object.keys(ways).map((way) => `${way.toUpperCase()} ${shape(path)}`)),
)
/** The calls of each part of booking, by the name it is exported under. */
const PARTS: Record<string, Feature | null> = {
  calendar: null,
  moving: null, waitlist: 'waitlist', offers: 'waitlist', others: 'suggestions', agents: 'agents', visits: 'visits', standing: 'standing',
}
const PAGES: Record<string, Feature> = {
  waitlist: 'waitlist', waiting: 'waitlist', offer: 'waitlist', agents: 'agents', agent: 'agents', several: 'visits', visit: 'visits', standing: 'standing',
}
const calls = (name: string): string[] => {
  const text = read('../../src/api/booking.ts').split(`export const ${name} =`)[1].split('\nexport ')[0]
  return [...text.matchAll(/'(GET|POST|DELETE)', [`']([^`']+)[`']/g)].map(([, way, path]) => `${way} ${shape(path)}`)
}

it('calls no route that the API does not document', () => {
  for (const [name, feature] of Object.entries(PARTS)) {
    expect(calls(name).length, name).toBeGreaterThan(0)
    if (feature && !features[feature]) continue
    for (const call of calls(name)) expect(documented, call).toContain(call)
  }
})

it('has the pages of all that can be called', () => {
  const config = JSON.parse(read('../../src/pages.json').replace(/^\s*\/\/.*$/gm, '')) as { subPackages: { root: string; pages: { path: string }[] }[] }
  const there = config.subPackages.find((one) => one.root === 'packages/appointments')?.pages.map(({ path }) => path) ?? []
  for (const [page, feature] of Object.entries(PAGES)) if (features[feature]) expect(there, page).toContain(page)
})
