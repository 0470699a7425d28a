// 预算页面的文字。
export default {
  "budgets.hint": "已用 = 支出 ÷ 限额。预计 =（支出 + 剩余天数 × 近七天日均）÷ 限额。正常：不超过 80%。关注：不超过 100%。即将超支：更多。可用时间：按此节奏用完的天数。状态来自网关，每两秒更新。",
  "budgets.scope": "对象", "budgets.period": "周期", "budgets.limit": "限额", "budgets.used": "已用", "budgets.projected": "预计", "budgets.projected.none": "需要一天的历史，且周期有终点", "budgets.state": "状态", "budgets.runway": "可用时间", "budgets.actions": "触发动作", "budgets.gateway": "整个网关", "budgets.each": "每个{kind}", "budgets.unmet": "尚无对象",
  "budgets.state.unmet": "尚未使用", "budgets.state.on_track": "正常", "budgets.state.watch": "关注", "budgets.state.warned": "已预警", "budgets.state.over_soon": "即将超支", "budgets.state.soft": "已降级模型", "budgets.state.exceeded": "已超支", "budgets.state.frozen": "拦截中",
  "budgets.raw.ok": "正常", "budgets.raw.warned": "已预警", "budgets.raw.soft": "已降级模型", "budgets.raw.frozen": "拦截中",
  "budgets.group.all": "全部", "budgets.group.bad": "已超支", "budgets.group.warn": "关注", "budgets.group.good": "正常",
  "budgets.period.day": "日", "budgets.period.week": "周", "budgets.period.month": "月", "budgets.period.quarter": "季度", "budgets.period.year": "年", "budgets.period.rolling": "滚动", "budgets.period.rolling.n": "滚动 {n} 小时", "budgets.period.total": "总额",
  "budgets.runway.over": "已用完", "budgets.runway.unknown": "需要一天的历史", "budgets.runway.lasts": "足够", "budgets.runway.hours": "{n} 小时", "budgets.runway.days": "{n} 天",
  "budgets.act.tell": "{at}% 通知", "budgets.act.soft": "{at}% 改用 {model}", "budgets.act.freeze": "100% 拒绝", "budgets.act.alert": "100% 仅通知",
  "budgets.tripped": "{n} 个预算正在拒绝请求。", "budgets.tripped.what": "请提高金额或临时追加。",
  "budgets.none": "还没有预算", "budgets.none.why": "预算可防止团队、密钥或模型超额支出。", "budgets.new": "新建预算", "budgets.make": "创建预算", "budgets.made": "预算已创建", "budgets.edit": "修改预算", "budgets.saved": "预算已修改",
  "budgets.remove": "删除", "budgets.remove.text": "{name} 将不再限制任何请求。已支出的记录会保留。", "budgets.removed": "预算已删除",
  "budgets.name": "名称", "budgets.name.example": "搜索，每月", "budgets.of": "具体对象", "budgets.of.hint": "名称，或用 * 表示每个各自计算", "budgets.scope.fixed": "对象创建后不能更改。", "budgets.amount": "金额", "budgets.currency": "货币", "budgets.currency.hint": "USD 以外的货币需要汇率", "budgets.hours": "回看小时数", "budgets.offset": "零点相对 UTC 提前", "budgets.offset.hint": "分钟：中国为 480", "budgets.warn": "通知阈值", "budgets.warn.hint": "百分比，用逗号分隔", "budgets.soft": "改用更便宜模型的阈值", "budgets.soft.hint": "百分比，留空表示不启用", "budgets.soft_model": "更便宜的模型", "budgets.hard": "用完之后", "budgets.hard.freeze": "拒绝请求（402）", "budgets.hard.alert": "仅通知", "budgets.unpriced": "价格未知的请求", "budgets.unpriced.refuse": "拒绝", "budgets.unpriced.allow": "放行", "budgets.unpriced.hint": "无法得知会占用多少预算",
  "budgets.override": "临时追加", "budgets.override.short": "已追加", "budgets.override.text": "在指定时间之前增加金额，取代之前的追加。", "budgets.override.extra": "追加金额", "budgets.override.until": "截止时间", "budgets.override.done": "已追加", "budgets.override.now": "追加 {extra}，至 {until}", "budgets.override.end": "结束追加", "budgets.override.end.text": "金额立即恢复原值。",
  "budgets.past": "最近三个周期的支出（按 UTC 日）：", "budgets.past.now": "本期至今",
  "budgets.spent": "已支出", "budgets.even": "平均节奏", "budgets.pace": "支出节奏", "budgets.pace.hint": "本周期至今的支出、平均节奏，以及有三天历史后网关的预测。按 UTC 小时和日。", "budgets.ends_on": "预计于 {day} 用完（{early} 至 {late} 之间）。", "budgets.later": "更晚",
  "budgets.spenders": "按{by}的最大支出者", "budgets.spenders.hint": "本周期开始以来支出最多的对象。", "budgets.spenders.none": "尚无支出", "budgets.window": "当前周期", "budgets.reserved": "为进行中的请求预留", "budgets.changed": "最近修改", "budgets.to.cost": "成本", "budgets.to.requests": "请求",
};
