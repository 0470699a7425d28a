import Crypto
import Foundation
import SiraCore
import SiraStorage

extension Invoice {
    /// The invoice as a page that needs nothing else and prints as it is; all that it says is escaped.
    package func html(_ words: InvoiceWords) -> String {
        var page = HTMLPage()
        page.open("html", ["lang": words.language])
        page.open("head")
        page.raw("<meta charset=\"utf-8\">\n")
        page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"\(Self.securityPolicy)\">\n")
        page.element("title", "\(words.invoice) \(number)")
        page.raw("<style>\(Self.style)</style>\n")
        page.close("head")
        page.open("body")
        page.element("h1", "\(words.invoice) \(number)")
        writeFacts(words, to: &page)
        writeParties(words, to: &page)
        writeUsage(words, to: &page)
        writeFees(words, to: &page)
        if let share = draft.savings { write(share, words, to: &page) }
        writeTotals(words, to: &page)
        if !draft.note.isEmpty { page.element("p", draft.note) }
        page.element("p", words.page, ["class": "small"])
        page.close("body")
        page.close("html")
        return "<!DOCTYPE html>\n" + page.text
    }

    /// What a browser may do with the page: show it in its own style, which it knows by its digest.
    ///
    /// Nothing is loaded and nothing runs, even if something should get past the escaping (Content Security Policy
    /// Level 3, section 2.3.1).
    package static let securityPolicy: String = {
        let digest = SHA256.hash(data: Array(style.utf8))
        return "default-src 'none'; style-src 'sha256-\(Data(digest).base64EncodedString())'"
    }()

    private static let style = """
        body{font:14px/1.5 system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif;margin:2rem auto;max-width:60rem;\
        padding:0 1rem;color:#111}h1{font-size:1.6rem}h2{font-size:1.1rem;margin:1.5rem 0 .4rem}\
        table{border-collapse:collapse;width:100%}td,th{padding:.25rem .5rem;border-bottom:1px solid #ddd;\
        text-align:left;vertical-align:top}.n{text-align:right;font-variant-numeric:tabular-nums}\
        .parties{display:flex;gap:3rem}.total td{font-weight:bold;border-top:2px solid #111}\
        .small{color:#555;font-size:12px}thead{display:table-header-group}tr{break-inside:avoid}\
        @page{size:A4;margin:15mm}@media print{body{margin:0;max-width:none;padding:0}}
        """

    private func writeFacts(_ words: InvoiceWords, to page: inout HTMLPage) {
        page.open("table")
        page.row([(words.month, draft.month.description)])
        page.row([(words.issued, CalendarDay(daysSinceEpoch: draft.issuedAt.day).description)])
        if let due = draft.dueOn { page.row([(words.due, due.description)]) }
        page.close("table")
    }

    private func writeParties(_ words: InvoiceWords, to page: inout HTMLPage) {
        page.open("div", ["class": "parties"])
        for (title, party) in [(words.from, draft.seller), (words.to, draft.customer)] {
            page.open("div")
            page.element("h2", title)
            page.element("div", party.name)
            for line in party.lines { page.element("div", line) }
            page.close("div")
        }
        page.close("div")
    }

    private func writeUsage(_ words: InvoiceWords, to page: inout HTMLPage) {
        guard !draft.usage.isEmpty else { return }
        page.element("h2", words.usage)
        page.open("table")
        page.head([words.project, words.model], [words.requests, words.inputTokens, words.outputTokens, words.charge])
        for line in draft.usage {
            page.cells(
                [line.project, line.model],
                [
                    String(line.requests), String(line.inputTokens), String(line.outputTokens),
                    line.charge.description,
                ]
            )
        }
        page.close("table")
    }

    private func writeFees(_ words: InvoiceWords, to page: inout HTMLPage) {
        guard !draft.fees.isEmpty else { return }
        page.element("h2", words.fees)
        page.open("table")
        page.head([words.description], [words.amount])
        for fee in draft.fees { page.cells([fee.description], [fee.amount.description]) }
        page.close("table")
    }

    private func write(_ share: SavingsShare, _ words: InvoiceWords, to page: inout HTMLPage) {
        page.element("h2", words.savings)
        page.open("table")
        page.head(
            [words.model],
            [words.pastVolume, words.pastCost, words.volume, words.baseline, words.actual, words.saved]
        )
        for line in share.lines {
            let isCompared = line.measure != .none
            let unit = line.measure == .requests ? words.requests : words.tokens
            page.cells(
                [line.model],
                [
                    isCompared ? "\(line.pastVolume) \(unit)" : words.unchanged,
                    isCompared ? line.pastCost.description : "",
                    isCompared ? "\(line.volume) \(unit)" : "",
                    line.baseline.description, line.actual.description, line.saved.description,
                ]
            )
        }
        page.cells(
            [words.total],
            ["", "", "", share.baseline.description, share.actual.description, share.saved.description]
        )
        page.cells([words.savingsLine(percent(share.basisPoints))], ["", "", "", "", "", share.fee.description])
        page.close("table")
    }

    private func writeTotals(_ words: InvoiceWords, to page: inout HTMLPage) {
        page.element("h2", words.total)
        page.open("table")
        page.cells([words.usage], [usage.description])
        for late in draft.late {
            page.cells([words.lateUsage(late.month.description)], [late.charge.description])
        }
        page.cells([words.fees], [fees.description])
        if draft.savings != nil { page.cells([words.savings], [savings.description]) }
        page.cells([words.subtotal], [subtotal.description])
        if draft.creditApplied != .zero {
            page.cells([words.credit], [Money.negative(draft.creditApplied).description])
        }
        if let rate = draft.tax {
            page.cells([words.taxable], [taxable.description])
            page.cells(["\(rate.name) (\(percent(rate.basisPoints)) %)"], [tax.description])
        }
        if rounding != .zero { page.cells([words.rounding], [rounding.description]) }
        page.cells([words.total], [dollarText], class: "total")
        if let rate = draft.exchange, let converted, rate.currency != .usd {
            let each = NanoUSD(nanos: rate.nanosPerDollar).description
            page.cells(
                [words.converted(rate.currency.code, each, rate.day.description, rate.source)],
                [rate.currency.text(converted)],
                class: "total"
            )
        }
        page.close("table")
    }

    /// The total in dollars and cents.
    package var dollarText: String {
        // It is whole cents by its making.
        Currency.usd.text(total.nanos / (NanoUSD.perDollar / 100))
    }
}

/// Hundredths of a percent as percent, without zeros at the end: 1950 is 19.5.
private func percent(_ basisPoints: Int64) -> String {
    let (whole, rest) = basisPoints.quotientAndRemainder(dividingBy: 100)
    guard rest != 0 else { return String(whole) }
    return "\(whole)." + (rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)")
}
