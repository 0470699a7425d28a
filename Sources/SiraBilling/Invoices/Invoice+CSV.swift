import SiraCore
import SiraStorage

extension Invoice {
    /// The invoice as comma-separated values (RFC 4180): a line for each charge, and for each step to the total.
    ///
    /// Column names are the same in every language, for programs to read. The amounts of all lines but `subtotal`,
    /// `taxable` and `total` come to the total.
    package var csv: String {
        var csv = CSVText()
        csv.row(
            [
                "invoice", "month", "kind", "project", "model", "description", "requests", "input_tokens",
                "output_tokens", "amount_usd",
            ].map { .figure($0) }
        )
        for line in draft.usage {
            row(&csv, "usage", project: line.project, model: line.model, usage: line, line.charge)
        }
        for late in draft.late { row(&csv, "late_usage", description: late.month.description, late.charge) }
        for fee in draft.fees { row(&csv, "fee", description: fee.description, fee.amount) }
        if draft.savings != nil { row(&csv, "savings_fee", savings) }
        row(&csv, "subtotal", subtotal)
        if draft.creditApplied != .zero { row(&csv, "credit", Money.negative(draft.creditApplied)) }
        if let rate = draft.tax {
            row(&csv, "taxable", taxable)
            row(&csv, "tax", description: rate.name, tax)
        }
        if rounding != .zero { row(&csv, "rounding", rounding) }
        row(
            &csv,
            "total",
            description: converted.flatMap { amount in draft.exchange?.currency.text(amount) } ?? "",
            total
        )
        return csv.text
    }

    private func row(
        _ csv: inout CSVText,
        _ kind: String,
        project: String = "",
        model: String = "",
        description: String = "",
        usage: UsageCharge? = nil,
        _ amount: NanoUSD
    ) {
        csv.row([
            .figure(number.description), .figure(draft.month.description), .figure(kind), .text(project), .text(model),
            .text(description), .figure(usage.map { String($0.requests) } ?? ""),
            .figure(usage.map { String($0.inputTokens) } ?? ""),
            .figure(usage.map { String($0.outputTokens) } ?? ""), .figure(amount.description),
        ])
    }
}
