extension AdminPage {
    /// The page's texts.
    ///
    /// Both languages have the same keys; `{name}` is replaced by a value.
    static let words = #"""
        "use strict";
        const WORDS = {
          "en": {
            "live": "Live", "waiting": "Connecting", "stale": "Not reachable, as of {time}", "paused": "Paused",
            "switchLanguage": "中文", "switchLanguageLabel": "切换到中文",
            "theme_auto": "Auto", "theme_light": "Light", "theme_dark": "Dark", "themeLabel": "Colours: {name}. Change",
            "login": "Sign in", "loginWhy": "This gateway asks for its admin token. It is kept in this tab only.",
            "token": "Admin token", "enter": "Continue", "refused": "The token was not accepted.",
            "today": "Today", "day": "{day} (UTC)", "requests": "Requests", "failures": "Failed", "tokens": "Tokens",
            "cost": "Cost", "inflight": "In flight", "perSecond": "{n} per second now",
            "ofRequests": "{n} of requests", "inOut": "{in} in · {out} out", "allKnown": "all prices known",
            "unknownCost": "plus {n} at unknown cost", "noCost": "no spending yet",
            "streams": "{streams} streams · {connections} connections", "noRollups": "totals cannot be read now",
            "providers": "Providers", "sinceStart": "Counted since the start", "provider": "Provider",
            "protocol": "Protocol", "key": "Key", "models": "Models",
            "key_present": "Set", "key_missing": "Missing", "key_unneeded": "Not needed",
            "noProviders": "No provider is configured. Add one to the configuration file.",
            "gateway": "Gateway", "state": "State", "ready": "Ready", "notReady": "Not ready", "uptime": "Running for",
            "started": "Since", "lanes": "Lanes", "keys": "API keys", "overhead": "Own latency p50 · p99",
            "atMost": "≤ {a} · ≤ {b}", "listener": "Listens ({name})", "encrypted": "TLS", "plain": "no TLS",
            "journal": "Journal", "depth": "Not yet in the database", "records": "{n} records · {size}",
            "oldest": "Oldest", "none": "none", "writeErrors": "Failed writes",
            "damaged": "Files put aside",
            "configuration": "Configuration", "file": "File", "noFile": "none (built-in defaults)", "loaded": "Loaded",
            "lastReload": "Last reload", "fine": "Accepted", "failed": "Refused",
            "noteReload": "The configuration file was refused; the one before it stays in force.",
            "noteJournal": "The journal is full or cannot be written. New requests may be refused.",
            "noteProblems": "Rules or other resources cannot be read, and are not used as they are.",
            "noteDamaged": "Journal files were put aside: not all of their records could be booked. See journal/damaged.",
            "noteReady": "Not ready for requests:",
            "noteKeys": "No provider has a key. Requests cannot be answered."
          },
          "zh-CN": {
            "live": "实时", "waiting": "连接中", "stale": "无法连接，数据截至 {time}", "paused": "已暂停",
            "switchLanguage": "EN", "switchLanguageLabel": "Switch to English",
            "theme_auto": "自动", "theme_light": "浅色", "theme_dark": "深色", "themeLabel": "配色：{name}，点击切换",
            "login": "登录", "loginWhy": "此网关需要管理令牌。令牌只保存在当前标签页。",
            "token": "管理令牌", "enter": "继续", "refused": "令牌不正确。",
            "today": "今日", "day": "{day}（UTC）", "requests": "请求", "failures": "失败", "tokens": "Token 数",
            "cost": "费用", "inflight": "进行中", "perSecond": "当前每秒 {n} 个",
            "ofRequests": "占请求的 {n}", "inOut": "输入 {in} · 输出 {out}", "allKnown": "价格全部已知",
            "unknownCost": "另有 {n} 个费用未知", "noCost": "尚无支出",
            "streams": "{streams} 个流 · {connections} 个连接", "noRollups": "暂时无法读取汇总",
            "providers": "供应商", "sinceStart": "自启动起累计", "provider": "供应商",
            "protocol": "协议", "key": "密钥", "models": "模型",
            "key_present": "已设置", "key_missing": "缺失", "key_unneeded": "不需要",
            "noProviders": "尚未配置供应商。请在配置文件中添加。",
            "gateway": "网关", "state": "状态", "ready": "就绪", "notReady": "未就绪", "uptime": "已运行",
            "started": "启动时间", "lanes": "处理通道", "keys": "API 密钥", "overhead": "自身延迟 p50 · p99",
            "atMost": "≤ {a} · ≤ {b}", "listener": "监听（{name}）", "encrypted": "TLS", "plain": "无 TLS",
            "journal": "记账日志", "depth": "尚未入库", "records": "{n} 条 · {size}",
            "oldest": "最早一条", "none": "无", "writeErrors": "写入失败",
            "damaged": "被隔离的文件",
            "configuration": "配置", "file": "文件", "noFile": "无（使用内置默认值）", "loaded": "加载时间",
            "lastReload": "最近一次重载", "fine": "已采用", "failed": "被拒绝",
            "noteReload": "配置文件未通过检查，继续使用之前的配置。",
            "noteJournal": "记账日志已满或无法写入，新请求可能会被拒绝。",
            "noteProblems": "部分规则或其他资源无法读取，未按其内容生效。",
            "noteDamaged": "部分记账日志文件已被隔离，其中有记录未能入账。请查看 journal/damaged。",
            "noteReady": "暂不能处理请求：",
            "noteKeys": "所有供应商都没有密钥，无法应答请求。"
          }
        };

        """#
}
