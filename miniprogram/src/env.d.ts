/// <reference types="vite/client" />

declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<Record<string, unknown>, Record<string, unknown>, unknown>
  export default component
}

/** Where the API lives: '' in the browser (same origin), a full https address in WeChat. */
declare const __API_ORIGIN__: string
