import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import vue from '@vitejs/plugin-vue'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const uniTags = /^(view|text|picker|scroll-view|image|t-.*)$/

export default defineConfig({
  plugins: [
    vue({ template: { compilerOptions: { isCustomElement: (tag) => uniTags.test(tag) } } }),
  ],
  resolve: {
    alias: [
      { find: /^#platform$/, replacement: at('./src/platform/h5.ts') },
      { find: /^#platform\//, replacement: at('./src/platform/h5/') },
      { find: '@dcloudio/uni-app', replacement: at('./tests/unit/uni-app-stub.ts') },
      { find: /^@\//, replacement: at('./src/') },
    ],
  },
  define: { __API_ORIGIN__: '""' },
  test: {
    environment: 'happy-dom',
    include: ['tests/unit/**/*.test.ts'],
    setupFiles: ['tests/unit/setup.ts'],
  },
})
