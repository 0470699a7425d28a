/// The words of an invoice in a language.
package struct InvoiceWords: Sendable {
    /// As HTML names it.
    package let language: String
    let invoice, number, month, issued, due, from, to: String
    let project, model, requests, inputTokens, outputTokens, charge: String
    let description, amount: String
    let usage, fees, savings: String
    let lateUsage: @Sendable (_ month: String) -> String
    let savingsLine: @Sendable (_ percent: String) -> String
    let baseline, actual, saved, pastVolume, pastCost, volume: String
    let tokens, unchanged: String
    let subtotal, credit, taxable, rounding, total: String
    let converted: @Sendable (_ currency: String, _ rate: String, _ day: String, _ source: String) -> String
    let page: String
}

extension InvoiceWords {
    package static let english = InvoiceWords(
        language: "en",
        invoice: "Invoice",
        number: "Number",
        month: "Month",
        issued: "Issued",
        due: "Due",
        from: "From",
        to: "To",
        project: "Project",
        model: "Model",
        requests: "Requests",
        inputTokens: "Input tokens",
        outputTokens: "Output tokens",
        charge: "Charge (USD)",
        description: "Description",
        amount: "Amount (USD)",
        usage: "Usage",
        fees: "Subscription and other charges",
        savings: "Savings",
        lateUsage: { "Late usage of \($0)" },
        savingsLine: { "Fee: \($0) % of what was saved" },
        baseline: "At earlier cost (USD)",
        actual: "Actual (USD)",
        saved: "Saved (USD)",
        pastVolume: "Volume before",
        pastCost: "Cost before (USD)",
        volume: "Volume",
        tokens: "tokens",
        unchanged: "not compared",
        subtotal: "Subtotal",
        credit: "Paid from credit",
        taxable: "Before tax",
        rounding: "Rounding to cents",
        total: "Total",
        converted: { "In \($0) at \($1) to the dollar on \($2) (\($3))" },
        page: "Amounts are in US dollars, rounded only where it says so."
    )

    package static let chinese = InvoiceWords(
        language: "zh-CN",
        invoice: "账单",
        number: "编号",
        month: "账期",
        issued: "开具日期",
        due: "付款期限",
        from: "开具方",
        to: "付款方",
        project: "项目",
        model: "模型",
        requests: "请求数",
        inputTokens: "输入 Token",
        outputTokens: "输出 Token",
        charge: "费用（美元）",
        description: "说明",
        amount: "金额（美元）",
        usage: "用量",
        fees: "订阅及其他费用",
        savings: "节省",
        lateUsage: { "\($0) 的补计用量" },
        savingsLine: { "服务费：节省金额的 \($0)%" },
        baseline: "按此前成本（美元）",
        actual: "实际（美元）",
        saved: "节省（美元）",
        pastVolume: "此前用量",
        pastCost: "此前成本（美元）",
        volume: "本期用量",
        tokens: "Token",
        unchanged: "未比较",
        subtotal: "小计",
        credit: "余额抵扣",
        taxable: "税前金额",
        rounding: "取整到分",
        total: "合计",
        converted: { "折合 \($0)，汇率 \($1)（\($2)，\($3)）" },
        page: "金额单位为美元，仅在注明处取整。"
    )
}
