import type { Located, Point } from '../types'

/** Opens the phone's own map where the place is. */
export function navigate(at: Point | null, name: string, link: string): void {
  const place = at ? `geo:${at.latitude},${at.longitude}?q=${at.latitude},${at.longitude}(${encodeURIComponent(name)})` : link
  // A link is clicked rather than opened: a browser without a map then simply stays where it is.
  const anchor = document.createElement('a')
  anchor.href = place
  anchor.rel = 'noopener'
  anchor.click()
}

export function watchPlace(listener: (place: Located) => void, lost: () => void): () => void {
  if (!navigator.geolocation) {
    lost()
    return () => undefined
  }
  const watching = navigator.geolocation.watchPosition(({ coords }) => listener(coords), lost, {
    enableHighAccuracy: true, maximumAge: 5_000, timeout: 30_000,
  })
  return () => navigator.geolocation.clearWatch(watching)
}
