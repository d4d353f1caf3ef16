import { loadConfig } from '@/stores/config'

/** On a wide screen: what stands beside the phone. The demo adds its own links. */
export function installFrame(): void {
  const aside = document.querySelector<HTMLElement>('.beside')
  if (!aside) return
  loadConfig().then(
    ({ district, demo }) => {
      const place = aside.querySelector('[data-place]')
      if (place) place.textContent = `${district.city}${district.name}`
      aside.querySelectorAll<HTMLElement>('[data-demo]').forEach((part) => (part.hidden = !demo))
    },
    // The pages themselves tell of a lost connection and offer a retry.
    () => undefined,
  )
}
