export default {
  "keys.name": "名称", "keys.hint": "前缀", "keys.project": "项目", "keys.state": "状态", "keys.expiry": "到期", "keys.created": "创建于", "keys.models": "模型", "keys.models.hint": "模型、别名与路由，用逗号分隔；留空为全部。", "keys.addresses": "来源地址", "keys.tags": "标签", "keys.priority": "优先级",
  "keys.priority.interactive": "交互", "keys.priority.batch": "批处理", "keys.priority.background": "后台",
  "keys.state.active": "有效", "keys.state.revoked": "已吊销", "keys.state.expired": "已过期", "keys.state.expiring": "即将到期",
  "keys.requests.30": "请求数（30 天）", "keys.spend.30": "支出（30 天）", "keys.spend": "按模型支出", "keys.requests": "查看请求", "keys.cost": "查看成本", "keys.usage.failed": "无法取得密钥的用量：", "keys.cut": "仅显示前 {n} 个密钥，实际更多。", "keys.unused": "最近 30 天未使用",
  "keys.new": "新建密钥", "keys.make": "创建密钥", "keys.budget": "每月预算", "keys.budget.hint": "用尽后拒绝请求；留空为不限。", "keys.rpm": "每分钟请求数", "keys.days": "{n} 天后", "keys.never": "永不",
  "keys.made": "密钥已创建", "keys.made.once": "密钥只显示这一次：系统仅保存其摘要。", "keys.made.done": "我已复制",
  "keys.rotate": "轮换", "keys.rotate.text": "密钥将获得新的文本。旧文本在一天内仍然有效，便于应用切换。", "keys.rotated": "密钥的新文本",
  "keys.revoke": "吊销", "keys.revoke.text": "密钥从现在起在所有通道上永久失效。进行中的请求会完成。", "keys.revoked": "密钥已吊销",
  "keys.none": "还没有密钥", "keys.none.why": "应用程序出示密钥；密钥决定它可以做什么、花多少。",
  "keys.project.nowhere": "您还不能在任何项目中创建密钥。请团队管理者先创建项目。",
};
