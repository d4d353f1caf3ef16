"""What messages are about, as residents know it: the groups of the message settings."""

#: Topic of a kind of message → its words. The order is the one in which settings list them.
TOPICS = {
    "appointments": "预约和叫号",
    "events": "上报和巡查",
    "hotline": "12345 诉求",
    "homes": "住处和委托",
    "council": "议事和投票",
    "life": "邻里活动",
    "knowledge": "知识库",
    "work": "工作任务",
    "news": "通知公告",
    "account": "账号",
}
