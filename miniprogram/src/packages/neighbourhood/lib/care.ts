import type { CareCan, CareKind } from '@/api/neighbourhood'

/** What a button says, the step it takes, and how it is asked first. */
export interface Act {
  text: string
  step: string
  kind: 'main' | 'light' | 'plain' | 'danger'
  /** Asked before it is done; '' where a tap is enough. */
  ask: string
  done: string
  /** What is asked for: words, thanks from a list, whether to show one's number, or one of the offers. */
  form?: 'words' | 'rewrite' | 'thanks' | 'phone' | 'choose'
}

export const ACTS: Record<CareCan, Act> = {
  claim: { text: '我来实现', step: 'claims', kind: 'main', ask: '认领后请在30天内完成。许愿人同意的话，您能看到联系电话。', done: '认领好了' },
  release: { text: '不便完成，退回', step: 'releases', kind: 'plain', ask: '退回后别人可以认领。', done: '已退回' },
  grant: { text: '已完成', step: 'completions', kind: 'main', ask: '许愿人确认后，心愿达成。', done: '等许愿人确认' },
  confirm: { text: '确认达成', step: 'confirmations', kind: 'main', ask: '', done: '心愿达成', form: 'thanks' },
  not_yet: { text: '还没有完成', step: 'returns', kind: 'plain', ask: '会告诉认领人还差一点。', done: '已告诉认领人' },
  offer: { text: '我来帮忙', step: 'offers', kind: 'main', ask: '', done: '等对方确认', form: 'phone' },
  take_back: { text: '我去不了了', step: 'offer-withdrawals', kind: 'plain', ask: '收回后对方会另请别人。', done: '已收回' },
  choose: { text: '选一位邻居', step: 'choices', kind: 'main', ask: '', done: '已告诉这位邻居', form: 'choose' },
  part: { text: '另请别人', step: 'partings', kind: 'plain', ask: '会告诉这位邻居不用来了。', done: '可以另选一位' },
  finish: { text: '已帮好', step: 'completions', kind: 'main', ask: '', done: '谢谢邻居', form: 'thanks' },
  withdraw: { text: '不需要了，撤回', step: 'withdrawals', kind: 'danger', ask: '撤回后不能恢复。', done: '已撤回' },
  rewrite: { text: '修改再发', step: 'rewrites', kind: 'main', ask: '', done: '已发，检查后邻居能看到', form: 'rewrite' },
  appeal: { text: '申诉', step: 'appeals', kind: 'plain', ask: '', done: '工作人员会再看', form: 'words' },
}

export const THANKS: { code: string; text: string }[] = [
  { code: 'thanks', text: '谢谢您' },
  { code: 'kind', text: '远亲不如近邻，谢谢' },
  { code: 'great', text: '帮了大忙，非常感谢' },
]

export const HELP_KINDS: { code: string; text: string }[] = [
  { code: 'carry', text: '搬东西' }, { code: 'errand', text: '跑腿代买' }, { code: 'repair', text: '小修小补' },
  { code: 'company', text: '陪伴照看' }, { code: 'borrow', text: '借用物品' }, { code: 'phone', text: '教用手机' },
  { code: 'other', text: '其他' },
]

interface Words {
  nearby: string
  empty: string
  hint: string
  ask: string
  title: string
  placeholder: string
  why: string
}

export const WORDS: Record<CareKind, Words> = {
  wishes: {
    nearby: '邻居的心愿', empty: '现在没有待认领的心愿', hint: '有小小的愿望，也可以说出来', ask: '许一个心愿',
    title: '想要什么', placeholder: '如：想要一副老花镜', why: '登录后看邻居的心愿',
  },
  'help-requests': {
    nearby: '邻居在找人', empty: '现在没有邻居求助', hint: '遇到搬不动、够不着的，请邻居搭把手', ask: '请邻居帮忙',
    title: '请邻居做什么', placeholder: '如：搬一张桌子下楼', why: '登录后看邻居的求助',
  },
}

/** The end of the day so many days from now, as the server takes it. */
export function endOfDay(days: number, now: Date): string {
  const day = new Date(now.getTime() + (days * 24 + 8) * 3600_000).toISOString().slice(0, 10)
  return `${day}T22:00:00+08:00`
}
