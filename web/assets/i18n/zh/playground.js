export default {
  "playground.prompt": "消息", "playground.pays": "付费方", "playground.pays.own": "我的密钥", "playground.cost": "请求与其他请求走同样的路径，使用为您生成的一小时密钥：限额与预算有效，按实际计费。", "playground.forbidden": "运行需要权限 keys:write。试运行免费。",
  "playground.run": "运行", "playground.run.one": "运行本列", "playground.stop": "停止", "playground.dry": "试运行", "playground.dry.hint": "显示每个请求会被路由到哪里，不调用任何提供商", "playground.code": "获取代码", "playground.code.hint": "将 SIRA_API_KEY 设为您的密钥。地址为本主机的常用应用端口。", "playground.language": "语言",
  "playground.role.system": "系统", "playground.role.user": "用户", "playground.role.assistant": "助手", "playground.role.system.hint": "模型应如何表现（可留空）", "playground.role.user.hint": "想问什么？双花括号中的 {{names}} 会在下方填写。", "playground.role.assistant.hint": "模型据此续写的回答", "playground.role.n": "消息 {n} 的角色", "playground.text.n": "消息 {n}，{role}", "playground.take": "移除消息 {n}", "playground.message": "添加消息", "playground.variables": "变量",
  "playground.column": "添加列", "playground.column.n": "第 {n} 列", "playground.column.close": "关闭第 {n} 列", "playground.model": "模型或路由", "playground.model.n": "第 {n} 列的模型或路由", "playground.parameters": "参数", "playground.answer.n": "第 {n} 列的回答",
  "playground.idle": "回答会显示在这里。", "playground.waiting": "等待首个 Token…", "playground.stopped": "已停止。", "playground.cut": "回答超出可显示的长度。", "playground.thought": "推理过程", "playground.copy": "复制回答", "playground.planned": "路由计划：未调用任何提供商，不计费。", "playground.then": "全部失败后依次：{names}", "playground.tries": "{n} 次尝试", "playground.request": "查看请求",
  "playground.ttft.hint": "从请求到达到首个内容的时间，由网关测量；运行中显示浏览器所见。", "playground.total": "总时长", "playground.tokens": "Token", "playground.price": "成本",
  "playground.from.whole": "已填入其模型与消息。", "playground.from.part": "已填入其模型。{reason}",
};
