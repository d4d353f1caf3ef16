import type { Located, Point } from '../types'

export function navigate(at: Point | null, name: string): void {
  // Closing the map is the person's choice, not a failure.
  if (at) uni.openLocation({ latitude: at.latitude, longitude: at.longitude, name, scale: 18, fail: () => undefined })
}

/** Named by hand: @dcloudio/types tells of neither the kind of coordinates nor the accuracy. */
type Changed = (place: Located) => void

export function watchPlace(listener: Changed, lost: () => void): () => void {
  uni.startLocationUpdate({ type: 'gcj02', fail: lost } as UniNamespace.StartLocationUpdateOption)
  const tell = ({ latitude, longitude, accuracy }: Located): void => listener({ latitude, longitude, accuracy })
  uni.onLocationChange(tell as never)
  return () => {
    uni.offLocationChange(tell as never)
    uni.stopLocationUpdate({ fail: () => undefined })
  }
}
