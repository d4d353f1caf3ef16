import { defineComponent, h, type Component } from 'vue'

const files = import.meta.glob<{ default: Component }>('../../src/components/hy-*.vue', { eager: true })
const named = Object.fromEntries(
  Object.entries(files).map(([path, file]) => [/hy-[a-z-]+(?=\.vue)/.exec(path)?.[0] ?? path, file.default]),
)

/** The components that uni-app finds by name; the map is left out, since nothing draws here. */
export const components: Record<string, Component> = {
  ...named,
  'hy-map': defineComponent({ name: 'HyMap', render: () => h('div') }),
}
