import SiraAdmin
import SiraBilling
import SiraCore
import SiraSQLite
import SiraStorage
import SiraTenancy
import SiraTesting
import Testing

@Suite struct CreditTests {
    private let bench: BillingBench
    private let organization: String

    init() async throws {
        bench = try BillingBench()
        organization = try await bench.make(.organization, #"{"name":"A"}"#)
    }

    private func topUp(_ key: String?, _ more: String = "") async throws -> String? {
        let body = #"{"amount_usd":"5","reason":"bank"\#(more)}"#
        let made = try await bench.call("top_up_credit", ["id": organization], body, idempotencyKey: key)
        return made["id"] as? String
    }

    private func credit() async throws -> NanoUSD { try await Books(bench.database.transfers).credit(of: organization) }

    @Test func `a payment that is told of again under one key is booked once, and the trail tells of it once`()
        async throws
    {
        let first = try await topUp("k")
        #expect(try await topUp("k") == first)
        #expect(try await credit() == NanoUSD(decimal: "5"))
        #expect(try await bench.trail(of: "bench").count { $0.action == "credit.top_up" } == 1)
        _ = try await topUp("other")
        _ = try await topUp(nil)
        #expect(try await credit() == NanoUSD(decimal: "15"))
    }

    @Test func `a key that named a payment long ago names no other one, a reference does`() async throws {
        _ = try await topUp("k")
        _ = try await topUp(nil, #","reference":"r""#)
        bench.clock.advance(by: .seconds(86_401))
        do {
            _ = try await topUp("k")
            Issue.record("another payment was taken for the first")
        } catch let error as EndpointError {
            #expect(error.status == 409 && error.code == "idempotency_key_reused")
        }
        _ = try await topUp(nil, #","reference":"r""#)
        #expect(try await credit() == NanoUSD(decimal: "10"))
    }

    @Test func `what was booked and not told of is told of when it is asked for again`() async throws {
        let now = bench.clock.now
        try await Books(bench.database.transfers).topUp(
            organization,
            by: NanoUSD(nanos: 5_000_000_000),
            reference: "r",
            reason: "bank",
            at: now
        )
        _ = try await topUp(nil, #","reference":"r""#)
        #expect(try await bench.trail(of: "bench").count { $0.action == "credit.top_up" } == 1)
        #expect(try await credit() == NanoUSD(decimal: "5"))
    }
}
