// uni-cli-shared reports the machine's address to its vendor on every build unless CI is set.
process.env.CI ||= '1'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import uniPlugin from '@dcloudio/vite-plugin-uni'
import noBeacon from './vite/no-beacon'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
// The plugin is CommonJS: under "type": "module" its default export is one level deeper.
const uni = (uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin
const weixin = process.env.UNI_PLATFORM === 'mp-weixin'
const platform = weixin ? 'weixin' : 'h5'

export default defineConfig({
  plugins: [noBeacon(), uni()],
  resolve: {
    alias: [
      { find: /^#platform$/, replacement: at(`./src/platform/${platform}.ts`) },
      { find: /^#platform\//, replacement: at(`./src/platform/${platform}/`) },
    ],
  },
  define: {
    // The browser app is served by the backend itself; WeChat wants a full https address.
    __API_ORIGIN__: JSON.stringify(
      process.env.API_ORIGIN ?? (weixin ? 'https://api.example.gov.cn' : ''),
    ),
  },
  server: { host: '127.0.0.1', proxy: { '/api': process.env.API_PROXY ?? 'http://127.0.0.1:8000' } },
})
