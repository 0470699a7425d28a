import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Testing

@Suite struct CodeDeskTests {
    private let documents = MemoryDocumentStore()
    private let books = Sample.books()
    private var desk: CodeDesk { CodeDesk(documents: documents, books: books) }

    private func issue(uses: Int = 1, expires: Timestamp? = nil) async throws -> RedeemCode.Issued {
        let issued = try RedeemCode.issue(
            amount: usd("5"),
            uses: uses,
            expiresAt: expires,
            note: "fair",
            at: Sample.now
        )
        try await desk.keep(issued.code)
        return issued
    }

    @Test func `a code becomes credit, once for an organization`() async throws {
        let issued = try await issue(uses: 2)
        let text = issued.text.reveal()
        let transfer = try await desk.redeem(text.lowercased(), for: "a", at: Sample.now)
        #expect(transfer.transfer.kind == .redeem && transfer.transfer.reference == issued.code.id)
        await #expect(throws: CodeRejection.alreadyRedeemed) { try await desk.redeem(text, for: "a", at: Sample.now) }
        _ = try await desk.redeem(text, for: "b", at: Sample.now)
        await #expect(throws: CodeRejection.usedUp) { try await desk.redeem(text, for: "c", at: Sample.now) }
        #expect(try await books.credit(of: "a") == usd("5"))
        #expect(try await books.balance(of: .promotions) == usd("-10"))
        #expect(try await desk.codes().first?.redeemedBy == ["a", "b"])
    }

    @Test func `what is kept tells nothing of the text`() async throws {
        let issued = try await issue()
        let kept = try await documents.documents(.redeemCode, after: nil, limit: 9)
        let text = issued.text.reveal()
        #expect(kept.count == 1)
        for document in kept {
            let said = document.id + String(decoding: document.json, as: UTF8.self)
            for part in text.split(separator: "-").dropFirst() { #expect(!said.contains(part)) }
        }
        #expect("\(issued)".contains("•••") && !"\(issued)".contains(text))
    }

    @Test func `codes that are unknown, mistyped, expired or withdrawn are refused and say so`() async throws {
        let expired = try await issue(expires: Sample.now.advanced(by: .seconds(5))).text.reveal()
        let revoked = try await issue()
        try await desk.revoke(revoked.code.id, at: Sample.now)
        let unknown = try RedeemCode.issue(amount: usd("5"), at: Sample.now).text.reveal()
        for (text, rejection) in [
            (expired, CodeRejection.expired), (revoked.text.reveal(), .revoked), (unknown, .unknown),
            ("SIRA-1234", .malformed),
        ] {
            await #expect(throws: rejection) {
                try await desk.redeem(text, for: "a", at: Sample.now.advanced(by: .seconds(5)))
            }
        }
        #expect(try await books.credit(of: "a") == .zero)
        await #expect(throws: StoreError.notFound("code_x")) { try await desk.revoke("code_x", at: Sample.now) }
    }

    @Test func `whoever is stopped between the two steps gets the credit by asking again`() async throws {
        let issued = try await issue()
        // As after a crash: written down with the code, and not booked.
        _ = try await CodeDesk(documents: documents, books: Sample.books())
            .redeem(issued.text.reveal(), for: "a", at: Sample.now)
        #expect(try await books.credit(of: "a") == .zero)
        _ = try await desk.redeem(issued.text.reveal(), for: "a", at: Sample.now)
        #expect(try await books.credit(of: "a") == usd("5"))
    }

    @Test func `of many at once no more than may turn a code in`() async throws {
        let issued = try await issue(uses: 3)
        let (desk, text) = (desk, issued.text.reveal())
        let taken = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<12 {
                group.addTask { (try? await desk.redeem(text, for: "org_\(number)", at: Sample.now)) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(taken == 3)
        #expect(try await books.balance(of: .promotions) == usd("-15"))
    }

    @Test func `amounts, uses and times that make no sense are refused`() {
        #expect(throws: BillingError.self) { try RedeemCode.issue(amount: .zero, at: Sample.now) }
        #expect(throws: BillingError.self) { try RedeemCode.issue(amount: usd("1"), uses: 0, at: Sample.now) }
        #expect(throws: BillingError.self) { try RedeemCode.issue(amount: usd("1"), uses: 10_001, at: Sample.now) }
        #expect(throws: BillingError.self) {
            try RedeemCode.issue(amount: usd("1"), expiresAt: Sample.now, at: Sample.now)
        }
    }
}
