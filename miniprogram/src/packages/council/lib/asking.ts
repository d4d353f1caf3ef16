/** What one may say here in one's own words, and how it is asked. */
export type Mode = 'comment' | 'reply' | 'edit' | 'statement' | 'object' | 'appeal' | 'withdraw'

interface Asking {
  title: string
  hint: string
  placeholder: string
  yes: string
  most: number
  pictures: boolean
  danger: boolean
}

const CHECKED = '先检查内容，通过后邻居就能看到。'
export const ASKING: Record<Mode, Asking> = {
  comment: { title: '说一句', hint: CHECKED, placeholder: '您怎么看？说说理由', yes: '发送', most: 1000, pictures: true, danger: false },
  reply: { title: '回复', hint: CHECKED, placeholder: '想对这位邻居说什么', yes: '发送', most: 1000, pictures: true, danger: false },
  edit: { title: '改一改', hint: CHECKED, placeholder: '改成这样', yes: '重新发送', most: 1000, pictures: false, danger: false },
  statement: { title: '加一条看法', hint: `一条只说一件事，邻居好表态。${CHECKED}`, placeholder: '如：电梯费用应当低层少出、高层多出', yes: '发送', most: 140, pictures: false, danger: false },
  object: { title: '提出异议', hint: '只有社区和街道的工作人员能看到内容。每一条都会答复。', placeholder: '哪里不对？依据是什么？', yes: '提交异议', most: 2000, pictures: true, danger: false },
  appeal: { title: '申诉', hint: '工作人员会再看一遍。', placeholder: '为什么这样处理不对', yes: '提交申诉', most: 300, pictures: false, danger: false },
  withdraw: { title: '撤回议题？', hint: '撤回后不能恢复，邻居会看到您写的原因。', placeholder: '为什么撤回', yes: '撤回', most: 300, pictures: false, danger: true },
}

export const REPORTS = [
  { why: 'abuse', text: '辱骂攻击' },
  { why: 'privacy', text: '泄露隐私' },
  { why: 'false', text: '不实信息' },
  { why: 'advert', text: '广告' },
  { why: 'other', text: '其他' },
] as const
