/** 今日、结对、看板、地图、行政区划、个人设置等页面。 */
export const view = {
  'today.overdue': '已逾期',
  'today.waitingForMe': '待我办理',
  'today.waitingForOthers': '等待他方',
  'today.overdueEmpty': '没有逾期事项。',
  'today.waitingForMeEmpty': '没有待您办理的事项。',
  'today.waitingForOthersEmpty': '没有等待他方的事项。',
  'today.date': '业务日期：{day}',
  'today.due': '{day}到期',
  'today.overdueBy': '逾期 {n} 天',
  'today.dueIn': '剩 {n} 天',
  'today.dueToday': '今天到期',
  'today.more': '显示全部 {n} 项',
}
