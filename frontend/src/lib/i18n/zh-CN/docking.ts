/** 当场匹配、对接工作台、测算设置、测算比较。 */
export const docking = {
  'fitting.offers': '现在合适的帮扶资源',
  'fitting.offers.now': '合适的帮扶资源',
  'fitting.offers.none': '目前没有合适的开放帮扶资源。',
  'fitting.needs': '现在合适的需求',
  'fitting.needs.now': '合适的需求',
  'fitting.needs.none': '目前没有合适的开放需求。',
  'fitting.pick': '请先选择资源类型，即可看到合适的对象。',
  'fitting.failed': '暂时无法给出合适的对象，不影响填写。',
  'fitting.total': '共 {n} 项合适',
  'fitting.nearly': '另有 {n} 项差一个条件',
  'fitting.propose': '提出方案',
  'fitting.proposeThis': '就“{title}”提出方案',
}
