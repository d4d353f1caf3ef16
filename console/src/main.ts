import { createApp } from 'vue'
import 'tdesign-vue-next/es/style/index.css'
import './styles/tokens.css'
import './styles/theme.css'
import './styles/base.css'
import './styles/print.css'
import App from './App.vue'
import { client } from './api/client'
import { forget, loadSession, session } from './composables/session'
import { landing, mayOpenRoute } from './lib/permissions'
import { router } from './router'

client.onSignedOut = () => {
  forget()
  const here = router.currentRoute.value
  if (!here.meta.open) void router.push({ name: 'sign-in', query: { next: here.fullPath, ended: '1' } })
}

let rereading = false
client.onForbidden = async () => {
  if (rereading || !session.staff) return
  rereading = true
  try {
    await loadSession()
    const here = router.currentRoute.value
    if (session.staff && !mayOpenRoute(session.staff, here.name)) await router.replace(landing(session.staff))
  } catch {
    // The page already shows the refusal; the roles are read again with the next one.
  } finally {
    rereading = false
  }
}

createApp(App).use(router).mount('#app')
