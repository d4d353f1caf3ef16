/** What one may say about a matter afterwards in one's own words, and how it is asked. */
export type Mode = 'urge' | 'add' | 'cancel'

interface Asking {
  title: string
  hint: string
  placeholder: string
  yes: string
  /** What to choose from with one tap. */
  words: string[]
  /** Whether it can go without words. */
  optional: boolean
  /** Whether photos can be added. */
  photos: boolean
  danger: boolean
}

export const ASKING: Record<Mode, Asking> = {
  urge: {
    title: '催一催', hint: '办理的人马上收到。一天可以催一次。', placeholder: '想说的话（可以不填）', yes: '催办',
    words: ['还没有人联系我', '情况变严重了'], optional: true, photos: false, danger: false,
  },
  add: {
    title: '补充情况', hint: '办理的人会看到。', placeholder: '想补充什么', yes: '发送', words: [], optional: false, photos: true, danger: false,
  },
  cancel: {
    title: '不用办了？', hint: '撤回后不再办理，不能恢复。', placeholder: '为什么撤回', yes: '撤回',
    words: ['已经解决了', '写错了', '重复了'], optional: false, photos: false, danger: true,
  },
}
