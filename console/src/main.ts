import { createApp } from 'vue'
import 'tdesign-vue-next/es/style/index.css'
import './styles/tokens.css'
import './styles/theme.css'
import './styles/base.css'
import './styles/print.css'
import App from './App.vue'
import { client } from './api/client'
import { forget } from './composables/session'
import { router } from './router'

client.onSignedOut = () => {
  forget()
  const here = router.currentRoute.value
  if (!here.meta.open) void router.push({ name: 'sign-in', query: { next: here.fullPath } })
}

createApp(App).use(router).mount('#app')
