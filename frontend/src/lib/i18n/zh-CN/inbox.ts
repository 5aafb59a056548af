/** 发给本人的消息。 */
export const inbox = {
  'page.inbox': '消息',
  'inbox.filter': '筛选消息',
  'inbox.state': '是否已读',
  'inbox.unread': '未读',
  'inbox.read': '已读',
  'inbox.topic': '类别',
  'inbox.topic.negotiation': '对接方案',
  'inbox.topic.signing': '签署',
  'inbox.topic.urging': '催办',
  'inbox.topic.delivery': '落实和验收',
  'inbox.topic.publishing': '审核和发布',
  'inbox.topic.people': '人员和移交',
  'inbox.markRead': '标为已读',
  'inbox.readAll': '全部标为已读',
  'inbox.empty': '没有消息。待办事项见“今日”。',
  'event.pledge.amendment_proposed': '提出变更',
}
