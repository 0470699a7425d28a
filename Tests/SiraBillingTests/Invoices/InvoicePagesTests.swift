import Crypto
import Foundation
import SiraCore
import SiraTesting
import Testing

@testable import SiraBilling

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct InvoicePagesTests {
    @Test func `a browser knows the style by its digest, and nothing else is let through`() throws {
        let html = try InvoiceSample.invoice().html(.english)
        let style = try #require(html.firstMatch(of: /<style>(.*?)<\/style>/.dotMatchesNewlines()))
        let digest = Data(SHA256.hash(data: Data(style.output.1.utf8))).base64EncodedString()
        #expect(Invoice.securityPolicy == "default-src 'none'; style-src 'sha256-\(digest)'")
        #expect(html.contains(Invoice.securityPolicy) && !html.contains("style="))
    }

    @Test(arguments: [InvoiceWords.english, .chinese])
    func `nothing that somebody wrote becomes markup`(words: InvoiceWords) throws {
        let html = try InvoiceSample.invoice().html(words)
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"\(words.language)\">"))
        #expect(!html.contains("<script") && html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(html.contains("Gateway &lt;Ltd&gt;") && html.contains("VAT &quot;X&quot; &amp; Co"))
        #expect(html.contains("客户有限公司") && html.contains("Thanks &amp; bye"))
    }

    @Test func `the page is well-formed and needs nothing else`() throws {
        let html = try InvoiceSample.invoice().html(.english)
        // As XML, with what HTML does not close left out.
        let xml = html.replacing("<!DOCTYPE html>\n", with: "").replacing(/<meta [^>]*>/, with: "")
        let parser = XMLParser(data: Data(xml.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        for word in ["src=", "href=", "url(", "@import"] { #expect(!html.contains(word)) }
        #expect(html.contains("@media print") && html.contains("default-src 'none'"))
    }

    @Test func `every figure is on the page, in both languages`() throws {
        let invoice = try InvoiceSample.invoice()
        for (words, own) in [(InvoiceWords.english, "Paid from credit"), (.chinese, "余额抵扣")] {
            let html = invoice.html(words)
            #expect(html.contains(own))
            for figure in [
                "INV-2026-000007", "2026-10", "2026-11-21", "2026-12-05", "1.234567891", "199.000000000",
                "200.934567892", "-1.000000000", "199.934567892", "38.987240739", "-0.001808631", "238.92 USD",
                "219.81 EUR", "0.920000000", "19.5 %", "10.000000000", "6.000000000", "1.200000000",
            ] { #expect(html.contains(figure), "\(figure)") }
        }
    }

    @Test func `values are quoted as RFC 4180 demands, and none is a formula`() throws {
        let rows = Self.rows(try InvoiceSample.invoice().csv)
        #expect(rows.allSatisfy { $0.count == 10 })
        #expect(rows[0][0] == "invoice" && rows[0][9] == "amount_usd")
        #expect(rows[1][3] == "'=HYPERLINK(\"http://x\")" && rows[1][6] == "3")
        #expect(rows[2][3] == "b, \"c\"")
        let refund = try #require(rows.first { $0[5].contains("2 days") })
        #expect(refund[5] == "'-2 days" && refund[9] == "-0.500000000", "texts are guarded, figures are figures")
    }

    @Test(arguments: ["=1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "\n=1", "＝1", "\u{FEFF}=1"])
    func `what a spreadsheet would run is guarded`(text: String) {
        var csv = CSVText()
        csv.row([.text(text), .text("a=1"), .figure("-1")])
        #expect(Self.rows(csv.text) == [["'" + text, "a=1", "-1"]])
    }

    @Test func `the lines come to the total`() throws {
        let invoice = try InvoiceSample.invoice()
        let rows = Self.rows(invoice.csv).dropFirst()
        let parts = rows.filter { !["subtotal", "taxable", "total"].contains($0[2]) }.compactMap {
            NanoUSD(decimal: $0[9])
        }
        #expect(try Money.sum(parts) == invoice.total)
        #expect(rows.last?[9] == invoice.total.description && rows.last?[5] == "219.81 EUR")
    }

    /// A plain reader of RFC 4180, apart from the writer.
    private static func rows(_ text: String) -> [[String]] {
        var (rows, row, field, isQuoted): ([[String]], [String], [UInt8], Bool) = ([], [], [], false)
        let bytes = Array(text.utf8)
        var at = 0
        while at < bytes.count {
            defer { at += 1 }
            switch (bytes[at], isQuoted) {
            case (UInt8(ascii: "\""), true) where at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\""):
                field.append(bytes[at])
                at += 1
            case (UInt8(ascii: "\""), _): isQuoted.toggle()
            case (UInt8(ascii: ","), false):
                row.append(String(decoding: field, as: UTF8.self))
                field = []
            case (UInt8(ascii: "\r"), false) where at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\n"):
                rows.append(row + [String(decoding: field, as: UTF8.self)])
                (row, field) = ([], [])
                at += 1
            default: field.append(bytes[at])
            }
        }
        return rows
    }
}
