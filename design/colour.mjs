/** Contrast of two colours as WCAG 2.2 defines it. */

/** Channels 0-255 of `#RRGGBB`; anything else is refused. */
export function channels(hex) {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex)
  if (!match) throw new Error(`not a #RRGGBB colour: ${hex}`)
  return match.slice(1).map((part) => Number.parseInt(part, 16))
}

/** Relative luminance, 0 (black) to 1 (white). */
export function luminance(hex) {
  const [red, green, blue] = channels(hex).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Contrast ratio, 1 to 21; the order of the two does not matter. */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}
