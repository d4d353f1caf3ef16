import type { TicketKind } from '@/api/tickets'

/** What one may bring to the hotline, with a word on each. */
export const KINDS: { kind: TicketKind; text: string; hint: string; placeholder: string }[] = [
  { kind: 'request', text: '求助', hint: '遇到难事，请政府帮忙', placeholder: '如：楼里停水两天了，家里有老人，请帮忙问问' },
  { kind: 'complaint', text: '投诉', hint: '对服务或管理不满意', placeholder: '如：小区夜里施工，已经三天睡不好' },
  { kind: 'consult', text: '咨询', hint: '问政策、问怎么办', placeholder: '如：孩子在外地出生，能在这里上户口吗？' },
  { kind: 'report', text: '举报', hint: '有人违法违规', placeholder: '如：和平路有店铺占道经营，每天下午都在' },
  { kind: 'suggestion', text: '建议', hint: '出个主意', placeholder: '如：公交站能不能加个遮雨棚' },
  { kind: 'praise', text: '表扬', hint: '说说谁做得好', placeholder: '如：越和街大厅的小李很耐心，谢谢她' },
]
