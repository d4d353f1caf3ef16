import type { Located, Point } from '../types'

/** Opens the phone's own map where the place is; only Android knows addresses of places. */
export function navigate(at: Point | null, name: string, link: string): void {
  const known = at && /Android/i.test(navigator.userAgent)
  const place = known ? `geo:${at.latitude},${at.longitude}?q=${at.latitude},${at.longitude}(${encodeURIComponent(name)})` : link
  if (!place) return
  const anchor = document.createElement('a')
  anchor.href = place
  anchor.target = '_blank'
  anchor.rel = 'noopener noreferrer'
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
