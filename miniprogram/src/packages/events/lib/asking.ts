/** What a reporter may say about a matter afterwards, and how it is asked. */
export type Mode = 'unsolved' | 'reopen' | 'cancel' | 'add'

interface Asking {
  title: string
  hint: string
  placeholder: string
  yes: string
  /** What to choose from with one tap. */
  words: string[]
  photos: boolean
  danger: boolean
}

export const ASKING: Record<Mode, Asking> = {
  unsolved: {
    title: '还差什么？', hint: '写一句，责任人会接着办。', placeholder: '如：灯只亮了一盏', yes: '告诉他们',
    words: ['没有人来过', '只弄好一部分', '又坏了'], photos: false, danger: false,
  },
  reopen: {
    title: '请他们再办一次？', hint: '只能重办一次，请写清楚哪里没解决。', placeholder: '如：昨天又堵了', yes: '再办一次',
    words: ['没有真的解决', '又出现了'], photos: false, danger: false,
  },
  cancel: {
    title: '不用办了？', hint: '撤销后责任人不再处理这件事。', placeholder: '为什么撤销', yes: '撤销',
    words: ['已经好了', '报错了', '报重了'], photos: false, danger: true,
  },
  add: {
    title: '补充情况', hint: '', placeholder: '想补充什么', yes: '发送', words: [], photos: true, danger: false,
  },
}
