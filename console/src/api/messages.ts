import { client } from './client'
import type { MessageDetail, MessageRow, Page } from './types'

export interface MessageFilter {
  kind: string
  state: string
  channel: string
}

export const messagePage = (filter: MessageFilter, cursor: string | null) =>
  client.get<Page<MessageRow>>('/staff/messages', { ...filter, cursor, limit: 50 })

export const message = (id: string) => client.get<MessageDetail>(`/staff/messages/${id}`)

/** The filters' choices, in the words of the delivery log. */
export const KINDS: Record<string, string> = {
  appointment_booked: '预约成功',
  appointment_cancelled: '预约取消',
  appointment_reminder_day: '前一天提醒',
  appointment_reminder_hours: '两小时前提醒',
  appointment_called: '叫号',
  appointment_no_show: '未到',
  appointment_finished: '办结评价',
  welcome: '欢迎',
}
export const STATES: Record<string, string> = {
  created: '待发送',
  sending: '发送中',
  accepted: '已交给平台',
  delivered: '已送达',
  temporary_failure: '等待重试',
  permanent_failure: '没有发成',
  technical_failure: '发送异常',
  expired: '过期未发',
  suppressed: '不再发送',
}
export const CHANNELS: Record<string, string> = {
  inbox: '站内消息',
  wechat_subscribe: '小程序订阅消息',
  wechat_service: '服务号模板消息',
  sms: '短信',
}
