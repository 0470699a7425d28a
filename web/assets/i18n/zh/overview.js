// 总览页面的文字。
export default {
  "overview.kpi.rps": "每秒请求数", "overview.kpi.p95": "响应时间 P95", "overview.kpi.success": "成功率", "overview.kpi.cache_hit": "缓存命中率", "overview.kpi.spend_today": "今日支出",
  "overview.def.rps": "收到的请求数 ÷ 秒数：实时视图取最近十个整秒，否则取整个时间范围。", "overview.def.p95": "时间范围内成功的请求中，95% 的耗时不超过该值（首字节到达至末字节返回）。由分布合并得出，不是百分位的平均值。", "overview.def.success": "成功 ÷（全部 − 调用方取消 − 调用方自身错误）。", "overview.def.cache_hit": "提示全部或部分读自缓存的请求 ÷ 成功的请求。", "overview.def.spend_today": "当时价格 × 计费用量，自您所在时区零点起的所有尝试，包括失败但已计费的。不受时间范围影响。",
  "overview.vs": "较上一时段", "overview.vs.week": "较一周前", "overview.no_previous": "没有可比较的上一时段", "overview.few": "样本 {n}/{needed}", "overview.no_samples": "该时间范围内没有样本", "overview.inflight": "当前进行中 {n}", "overview.zone": "自零点起，{zone}", "overview.show_chart": "在图表中显示",
  "overview.budget": "本月预算", "overview.budget.of": "预算 {amount}", "overview.forecast": "本月预计 {amount}（估）", "overview.forecast.none": "暂无预测", "overview.forecast.band": "五次中有四次介于 {low} 与 {high} 之间",
  "overview.traffic": "流量", "overview.tab.requests": "请求", "overview.tab.latency": "延迟", "overview.tab.errors": "错误", "overview.tab.spend": "支出",
  "overview.line.requests": "请求", "overview.line.p50": "P50", "overview.line.p95": "P95", "overview.line.p99": "P99", "overview.line.failed": "失败", "overview.line.limited": "限流", "overview.line.client": "客户端错误", "overview.line.spend": "支出",
  "overview.def.traffic.requests": "每秒到达的请求数；逐秒显示时为截至该秒的十秒均值。", "overview.def.traffic.latency": "成功请求的耗时，逐秒或逐段统计。", "overview.def.traffic.errors": "失败：重试与降级后仍由提供商或网关造成的失败。限流：被本网关的限制拒绝。客户端错误：调用方自身的错误。", "overview.def.traffic.spend": "当时价格 × 所有尝试的计费用量。",
  "overview.drag": "在图表上拖动以查看某一时段。", "overview.each.second": "单位：每秒。", "overview.each.slice": "每点 {n} 分钟。", "overview.each.minute": "单位：每分钟。",
  "overview.spike.latency": "P95 升至 {peak}，持续 {n} 秒。", "overview.spike.errors": "错误升至每分钟 {peak} 个，持续 {n} 秒。", "overview.spike.on": "主要在 {what}。", "overview.spike.bad": "{n} 个请求过慢或失败。", "overview.spike.show": "查看这些请求",
  "overview.by_model": "按模型支出", "overview.def.by_model": "时间范围内的支出，按实际回答的模型统计。未到达任何模型的计入“未归属”。", "overview.types": "请求类型", "overview.types.newest": "最新的请求", "overview.def.types": "在时间范围与所选条件内的请求中，各类调用的占比；没有类型的计入“未分类”。",
  "overview.explore": "浏览全部", "overview.gateway": "网关",
  "overview.attention": "需要处理", "overview.attention.more": "另有 {n} 项", "overview.alert": "{name}{subject}，始于{ago}", "overview.alert.budget_threshold": "预算即将用尽：", "overview.alert.spend_spike": "支出异常：", "overview.alert.error_rate": "错误率过高：", "overview.alert.latency": "延迟过高：", "overview.alert.cache_hit_drop": "缓存命中下降：", "overview.alert.provider_down": "提供商不可用：", "overview.alert.journal_depth": "日志积压", "overview.alert.journal_age": "日志滞后",
  "overview.budget.used": "{name} 的预算已用尽（{limit}）", "overview.budget.soon": "按当前速度，{name} 将达到 {projected}，预算 {limit}（估）", "overview.budget.warned": "{name} 已使用 {limit} 的 {share}", "overview.key": "密钥 {name} {when}到期",
};
