import type { Plugin } from 'vite'

/**
 * uni-app and TDesign ship addresses of other people's servers; a government app must call none:
 *  - WeChat: preloadAsset() in uni.mp.esm.js loads an image from the vendor, with the encoded appid;
 *  - H5: the navigation bar's shadows are images on the vendor's CDN;
 *  - both: TDesign's icon font is on a CDN (this app draws its own icons).
 * A build in which the code to remove has moved fails, so that the beacon cannot come back unseen.
 */
const RUNTIME = /uni-mp-weixin[\\/]dist[\\/]uni\.mp\.esm\.js/
const CALL = /^\s*preloadAsset\(\);/m
const BODY = /^function preloadAsset\(\) \{[\s\S]*?^\}/m
const FOREIGN = /url\(["']?(?:https?:)?\/\/[^)]*\)/g
const ICON_STYLES = /@tdesign[\\/]uniapp[\\/]dist[\\/]icon[\\/]icon\.css/
const FONT_FACE = /@font-face\s*\{[^}]*tdesign[^}]*\}/gi

export function stripRuntime(code: string): string | null {
  if (!CALL.test(code) || !BODY.test(code)) return null
  return code.replace(CALL, '').replace(BODY, '')
}

export const stripStyles = (css: string): string =>
  css.replace(FONT_FACE, '').replace(FOREIGN, 'none')

export default function noBeacon(): Plugin {
  let removed = false
  return {
    name: 'no-beacon',
    enforce: 'pre',
    transform(code, id) {
      // 140 kB of glyph names for a font this app does not load.
      if (ICON_STYLES.test(id)) return { code: '.t-icon { display: none; }', map: null }
      if (!RUNTIME.test(id)) return undefined
      const stripped = stripRuntime(code)
      if (stripped === null) {
        this.error('uni-mp-weixin changed: preloadAsset() not found, review the beacon again')
      }
      removed = true
      return { code: stripped as string, map: null }
    },
    generateBundle(_options, bundle) {
      if (process.env.UNI_PLATFORM === 'mp-weixin' && !removed) {
        this.error('uni.mp.esm.js was never seen: the beacon was not removed')
      }
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && /\.(css|wxss)$/.test(file.fileName)) {
          file.source = stripStyles(String(file.source))
        }
      }
    },
  }
}
