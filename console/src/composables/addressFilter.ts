import { ref, watch, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { fromQuery, toQuery, type Filter } from '@/lib/addressFilter'

/** A list's filters, kept in the page's address: to reload, to go back to, to send to a colleague. */
export function useAddressFilter<F extends Filter>(defaults: F): Ref<F> {
  const route = useRoute()
  const router = useRouter()
  const here = route.name
  const filter = ref(fromQuery(defaults, route.query)) as Ref<F>
  watch(filter, (now) => void router.replace({ query: toQuery(defaults, now) }), { deep: true })
  // A link to the same page with other filters, or the way back.
  watch(
    () => route.query,
    (query) => {
      const next = fromQuery(defaults, query)
      if (route.name === here && JSON.stringify(next) !== JSON.stringify(filter.value)) filter.value = next
    },
  )
  return filter
}
