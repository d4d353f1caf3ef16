import { loadConfig } from '@/stores/config'

function link(title: string, url: string): HTMLAnchorElement {
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.textContent = `${title}（演示）`
  anchor.target = '_blank'
  anchor.rel = 'noopener'
  return anchor
}

/** On a wide screen: what stands beside the phone. The demo adds its own links. */
export function installFrame(): void {
  const aside = document.querySelector<HTMLElement>('.beside')
  if (!aside) return
  loadConfig().then(
    ({ district, demo, demo_links: links = [] }) => {
      const place = aside.querySelector('[data-place]')
      if (place) place.textContent = `${district.city}${district.name}`
      const list = aside.querySelector('[data-links]')
      list?.replaceChildren(...links.map(({ title, url }) => link(title, url)))
      aside.querySelectorAll<HTMLElement>('[data-demo]').forEach((part) => (part.hidden = !demo))
    },
    // The pages themselves tell of a lost connection and offer a retry.
    () => undefined,
  )
}
