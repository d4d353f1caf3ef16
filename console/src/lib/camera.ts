/** The browser's own bar-code reader, where there is one (Chrome on Android, ChromeOS, macOS). */

interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>
}

interface DetectorClass {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

function detectorClass(): DetectorClass | undefined {
  return (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
}

export async function canScan(): Promise<boolean> {
  const found = detectorClass()
  if (!found || !navigator.mediaDevices?.getUserMedia) return false
  try {
    return (await found.getSupportedFormats()).includes('qr_code')
  } catch {
    return false
  }
}

/** Reads QR codes from a playing video until one is found or `stop` is called. */
export function watchFor(video: HTMLVideoElement, found: (text: string) => void): () => void {
  const kind = detectorClass()
  if (!kind) return () => undefined
  const detector = new kind({ formats: ['qr_code'] })
  let stopped = false
  async function look(): Promise<void> {
    if (stopped) return
    try {
      const codes = video.readyState >= 2 ? await detector.detect(video) : []
      if (!stopped && codes[0]?.rawValue) return found(codes[0].rawValue)
    } catch {
      // A frame that cannot be read is skipped; the next one comes in a moment.
    }
    setTimeout(() => void look(), 150)
  }
  void look()
  return () => {
    stopped = true
  }
}
