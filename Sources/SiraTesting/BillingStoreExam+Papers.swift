import SiraCore
import SiraStorage

/// Documents and invoices.
extension BillingStoreExam {
    private static func json(_ text: String) -> [UInt8] { Array(text.utf8) }

    static let documentExams = [
        BillingStoreExam(description: "documents come back as they went in, those of each kind apart") { stores in
            try demand(try await stores.documents.document(.checkout, "a") == nil, "none at first")
            let made = try await stores.documents.update(.checkout, "a") { before in
                before == nil ? json(#"{"x":"grün \u0000"}"#) : nil
            }
            try demand(made == json(#"{"x":"grün \u0000"}"#), "what was made is given")
            try demand(try await stores.documents.document(.checkout, "a") == made, "and kept")
            try demand(try await stores.documents.document(.payment, "a") == nil, "and of its kind only")
            let same = try await stores.documents.update(.checkout, "a") { _ in nil }
            try demand(same == made, "nil changes nothing")
            try demand(try await stores.documents.update(.checkout, "b") { _ in nil } == nil, "and makes nothing")
            try demand(try await stores.documents.document(.checkout, "b") == nil, "nothing at all")
        },
        BillingStoreExam(description: "a change of a document that throws changes nothing") { stores in
            _ = try await stores.documents.update(.prompt, "a") { _ in json("1") }
            do {
                _ = try await stores.documents.update(.prompt, "a") { _ in
                    throw StoreExam.Failure(description: "on purpose")
                }
                throw StoreError.notFound("the error of the change")
            } catch is StoreExam.Failure {}
            try demand(try await stores.documents.document(.prompt, "a") == json("1"), "as before")
        },
        BillingStoreExam(description: "of many changes of a document none is lost") { stores in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        _ = try await stores.documents.update(.redeemCode, "a") { before in
                            let count = before.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
                            return json(String(count + 1))
                        }
                    }
                }
                try await group.waitForAll()
            }
            try demand(try await stores.documents.document(.redeemCode, "a") == json("20"), "20 of 20")
        },
        BillingStoreExam(description: "documents are listed by their ids, page by page") { stores in
            for id in ["b", "ä", "B", "a", "c"] {
                _ = try await stores.documents.update(.subscription, id) { _ in json("\"\(id)\"") }
            }
            _ = try await stores.documents.update(.subscriber, "aa") { _ in json("0") }
            let first = try await stores.documents.documents(.subscription, after: nil, limit: 2)
            try demand(first.map(\.id) == ["B", "a"], "the first two, not \(first.map(\.id))")
            try demand(first.last?.json == json("\"a\""), "with what they say")
            let rest = try await stores.documents.documents(.subscription, after: "a", limit: 9)
            try demand(rest.map(\.id) == ["b", "c", "ä"], "the rest, not \(rest.map(\.id))")
        },
    ]

    private static func subject(_ name: String, _ month: String = "2026-10") -> InvoiceSubject {
        InvoiceSubject(organization: name, month: month)
    }

    static let invoiceExams = [
        BillingStoreExam(description: "invoices are numbered without gaps in each year") { stores in
            // 2025-11-21 and, 60 days later, 2026.
            let later = dawn.advanced(by: .seconds(60 * 86_400))
            var numbers: [String] = []
            for (name, time) in [("a", dawn), ("b", dawn), ("c", later), ("d", dawn)] {
                let issued = try await stores.invoices.issue(subject(name), at: time) { json("\"\($0)\"") }
                try demand(issued.json == json("\"\(issued.number)\""), "it knows its number")
                try demand(issued.subject == subject(name) && issued.issuedAt == time, "and what it is for")
                try demand(try await stores.invoices.invoice(issued.number) == issued, "and is kept")
                numbers.append(issued.number.description)
            }
            let expected = ["INV-2025-000001", "INV-2025-000002", "INV-2026-000001", "INV-2025-000003"]
            try demand(numbers == expected, "\(expected), not \(numbers)")
        },
        BillingStoreExam(description: "there is one invoice for a month, and one that cannot be made takes no number") {
            stores in
            let first = try await stores.invoices.issue(subject("a"), at: dawn) { _ in json("1") }
            let again = try await stores.invoices.issue(subject("a"), at: dawn) { _ in json("2") }
            try demand(again == first, "the first is given")
            do {
                _ = try await stores.invoices.issue(subject("b"), at: dawn) { _ in
                    throw StoreExam.Failure(description: "on purpose")
                }
                throw StoreError.notFound("the error of making it")
            } catch is StoreExam.Failure {}
            let next = try await stores.invoices.issue(subject("a", "2026-11"), at: dawn) { _ in json("3") }
            try demand(next.number.sequence == 2, "the next number, not \(next.number)")
        },
        BillingStoreExam(description: "invoices are listed with the highest numbers first, page by page") { stores in
            for number in 1...5 {
                let month = "2026-0\(number)"
                _ = try await stores.invoices.issue(subject(number == 2 ? "b" : "a", month), at: dawn) { _ in json("1")
                }
            }
            let page = try await stores.invoices.invoices(of: "a", before: nil, limit: 2)
            try demand(page.map(\.number.sequence) == [5, 4], "the last two")
            let rest = try await stores.invoices.invoices(of: "a", before: page.last?.number, limit: 9)
            try demand(rest.map(\.number.sequence) == [3, 1], "those before, of this organization only")
            let all = try await stores.invoices.invoices(of: nil, before: nil, limit: 9)
            try demand(all.map(\.number.sequence) == [5, 4, 3, 2, 1], "all")
        },
    ]
}
