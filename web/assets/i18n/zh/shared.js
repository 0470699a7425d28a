export default {
  "shared.by": "由 {name} 分享，链接有效期至 {at}。",
  "shared.operator": "网关管理员", "shared.gone": "链接无效", "shared.gone.why": "链接已过期、已被撤销，或内容不完整。请向发送者索取新的链接。",
};
