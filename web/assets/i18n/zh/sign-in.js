export default {
  "sign-in.email": "邮箱", "sign-in.password": "密码", "sign-in.password.new": "设置密码", "sign-in.password.rule": "至少 12 个字符，几个词组合即可。",
  "sign-in.with": "使用 {name} 登录", "sign-in.or": "或", "sign-in.second": "二次验证", "sign-in.second.why": "您的账户需要验证器中的验证码。", "sign-in.code": "验证码", "sign-in.code.hint": "六位数字，或一个恢复码。",
  "sign-in.welcome": "欢迎使用 Sira", "sign-in.welcome.why": "设置密码以接受邀请。", "sign-in.accept": "接受并登录", "sign-in.instead": "使用其他账户登录", "sign-in.sso.failed": "单点登录未成功。请重试，或联系网关管理员查看日志。",
  "error.invitation_invalid": "邀请已使用、被替换或已过期，请索取新的邀请。",
  "sign-in.token": "管理员令牌", "sign-in.token.why": "请出示网关的管理员令牌，或用户、服务账号的令牌。", "sign-in.token.hint": "即配置中的 admin.token。仅保留到此标签页关闭为止。", "sign-in.token.use": "改用令牌登录", "error.unauthorized": "此处不接受该令牌。",
};
