import SiraCore

/// What an alert says, in one language.
package struct AlertWords: Hashable, Sendable {
    package let language: AlertLanguage

    package init(_ language: AlertLanguage) {
        self.language = language
    }

    /// One line that says it all: `Critical: error rate of team:core is 12.5 %`.
    package func title(_ alert: Alert) -> String {
        let what = "\(name(of: alert.kind))"
        switch (language, alert.state) {
        case (.english, .firing):
            let again = alert.occasion == .repeated ? "still " : ""
            return "\(word(for: alert.severity)): \(what) of \(alert.subject) is \(again)\(figure(alert))"
        case (.english, .resolved):
            let end = alert.occasion == .resolved ? "Resolved" : "No longer watched"
            return "\(end) after \(duration(alert.lasted)): \(what) of \(alert.subject)"
        case (.chinese, .firing):
            let again = alert.occasion == .repeated ? "仍为" : "为"
            return "\(word(for: alert.severity)):\(alert.subject) 的\(what)\(again) \(figure(alert))"
        case (.chinese, .resolved):
            let end = alert.occasion == .resolved ? "已恢复" : "已停止监控"
            return "\(end):\(alert.subject) 的\(what)(持续 \(duration(alert.lasted)))"
        }
    }

    /// The title with the name of the sender before it.
    ///
    /// Some robots take only messages with a keyword, and this is one to give them.
    func named(_ alert: Alert) -> String { "Sira · \(title(alert))" }

    /// What else there is to say, as pairs of a label and a text.
    package func lines(_ alert: Alert) -> [AlertFact] {
        var lines = [
            AlertFact(label("rule"), alert.ruleName),
            AlertFact(label("subject"), alert.subject),
            AlertFact(label("figure"), figure(alert) + (alert.basis.isEmpty ? "" : " (\(alert.basis))")),
        ]
        if alert.kind.unit != .state {
            lines.append(AlertFact(label("threshold"), AlertFigure.text(alert.threshold, of: alert.kind)))
        }
        lines.append(AlertFact(label("since"), alert.since.description))
        lines.append(AlertFact(label("lasted"), duration(alert.lasted)))
        if alert.isFlapping { lines.append(AlertFact(label("note"), flapping)) }
        return lines + alert.facts.prefix(20).map { AlertFact(label($0.label), $0.text) }
    }

    /// What the link to more says.
    package var linkText: String { language == .english ? "Open Sira" : "打开 Sira" }

    /// The title and the lines as plain text.
    package func text(_ alert: Alert, link: String?) -> String {
        var text = title(alert) + "\n\n"
        for line in lines(alert) { text += "\(line.label): \(line.text)\n" }
        if let link { text += "\n\(linkText): \(link)\n" }
        return text
    }

    private func figure(_ alert: Alert) -> String {
        guard alert.kind.unit == .state else { return spoken(AlertFigure.text(alert.figure, of: alert.kind)) }
        return switch language {
        case .english: alert.figure >= 1 ? "down" : "up"
        case .chinese: alert.figure >= 1 ? "不可用" : "可用"
        }
    }

    private func duration(_ duration: Duration) -> String { spoken(AlertFigure.duration(duration)) }

    /// The text with the units of time of the language.
    private func spoken(_ text: String) -> String {
        guard language == .chinese else { return text }
        let units: [Substring: String] = ["d": "天", "h": "小时", "min": "分钟", "s": "秒"]
        return text.split(separator: " ").map { units[$0] ?? String($0) }.joined(separator: " ")
    }

    private var flapping: String {
        switch language {
        case .english: "It comes and goes; its end is told once it has been quiet for a while."
        case .chinese: "状态反复波动,稳定一段时间后才会通知恢复。"
        }
    }

    private func word(for severity: AlertSeverity) -> String {
        switch (language, severity) {
        case (.english, .info): "Notice"
        case (.english, .warning): "Warning"
        case (.english, .critical): "Critical"
        case (.chinese, .info): "通知"
        case (.chinese, .warning): "警告"
        case (.chinese, .critical): "严重"
        }
    }

    private func name(of kind: AlertKind) -> String {
        switch (language, kind) {
        case (.english, .budgetThreshold): "share of budget spent"
        case (.english, .spendSpike): "deviation from expected spending"
        case (.english, .errorRate): "error rate"
        case (.english, .cacheHitDrop): "drop of the cache hit rate"
        case (.english, .providerDown): "state"
        case (.english, .journalDepth): "journal depth"
        case (.english, .journalAge): "journal age"
        case (.english, .creditLow): "remaining credit"
        case (.english, .forecastOverBudget): "forecast share of budget"
        case (.english, .queueDepth): "queue depth"
        case (.english, .keyExpiring): "remaining validity"
        case (.chinese, .budgetThreshold): "预算使用率"
        case (.chinese, .spendSpike): "支出偏离预期程度"
        case (.chinese, .errorRate): "错误率"
        case (.chinese, .cacheHitDrop): "缓存命中率降幅"
        case (.chinese, .providerDown): "状态"
        case (.chinese, .journalDepth): "日志积压量"
        case (.chinese, .journalAge): "日志积压时间"
        case (.chinese, .creditLow): "剩余额度"
        case (.chinese, .forecastOverBudget): "预测预算使用率"
        case (.chinese, .queueDepth): "队列长度"
        case (.chinese, .keyExpiring): "剩余有效期"
        }
    }

    private func label(_ english: String) -> String {
        switch language {
        case .english: english.prefix(1).uppercased() + english.dropFirst()
        case .chinese: Self.chinese[english] ?? english
        }
    }

    private static let chinese: [String: String] = [
        "rule": "规则", "subject": "对象", "figure": "当前值", "threshold": "阈值", "since": "开始时间", "lasted": "持续时间",
        "note": "说明", "model": "模型", "provider": "供应商", "key": "密钥", "team": "团队", "project": "项目", "user": "用户",
        "period": "周期", "spent": "已用", "amount": "预算", "expected": "预期", "requests": "请求数", "errors": "错误数",
        "cause": "原因", "expires": "到期时间", "resets": "重置时间",
    ]
}
