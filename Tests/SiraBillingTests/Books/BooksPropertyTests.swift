import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Synchronization
import Testing

/// Long random histories: whatever happens, and wherever it is stopped and done again, the books are right.
@Suite struct BooksPropertyTests {
    /// Loses power now and then: before a transfer is written, or after, so that nobody hears of it.
    private final class FailingStore: TransferStore {
        struct PowerCut: Error {}

        let store = MemoryTransferStore()
        private let random: Mutex<SeededRandom>

        init(seed: UInt64) {
            random = Mutex(SeededRandom(seed: seed))
        }

        private func chance(_ oneIn: Int) -> Bool { random.withLock { Int.random(in: 0..<oneIn, using: &$0) == 0 } }

        func append(
            _ transfer: Transfer,
            keeping floors: [BalanceFloor],
            link: @escaping @Sendable (Transfer, ChainHead) -> ChainedTransfer
        ) async throws -> AppendedTransfer {
            if chance(5) { throw PowerCut() }
            let appended = try await store.append(transfer, keeping: floors, link: link)
            if chance(5) { throw PowerCut() }
            return appended
        }

        func balance(of account: String) async throws -> NanoUSD { try await store.balance(of: account) }
        func balances(startingWith prefix: String) async throws -> [String: NanoUSD] {
            try await store.balances(startingWith: prefix)
        }
        func turnovers(startingWith prefix: String) async throws -> [String: [Transfer.Kind: NanoUSD]] {
            try await store.turnovers(startingWith: prefix)
        }
        func transfers(_ filter: TransferFilter) async throws -> [ChainedTransfer] {
            if chance(20) { throw PowerCut() }
            return try await store.transfers(filter)
        }
        func head() async throws -> ChainHead { try await store.head() }
    }

    /// What should be in the books, kept by plain means.
    private struct Oracle {
        var paid: [String: Int64] = [:]
        var used: [String: Int64] = [:]
    }

    /// Asks again until nobody cuts the power.
    private func insist(_ body: () async throws -> Void) async throws {
        for _ in 0..<200 {
            do { return try await body() } catch is FailingStore.PowerCut { continue }
        }
        Issue.record("the power was cut 200 times")
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `through any history with failures balances come to zero and credit stays in its bounds`(
        seed: UInt64
    ) async throws {
        var random = SeededRandom(seed: seed)
        let store = FailingStore(seed: seed &+ 100)
        let books = Books(store)
        let overdraft = NanoUSD(nanos: seed.isMultiple(of: 2) ? 0 : 700)
        var oracle = Oracle()
        var days: [String: Int64] = [:]
        for step in 0..<120 {
            let organization = "org_\(Int.random(in: 0..<3, using: &random))"
            let amount = Int64.random(in: 1...1_000, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                try await insist { try await Sample.topUp(books, amount, organization: organization, key: "t\(step)") }
                oracle.paid[organization, default: 0] += amount
            case 1:
                let month = BillingMonth(CalendarDay(daysSinceEpoch: Sample.now.day + 40 * Int64(step)))
                try await insist {
                    try await books.grantIncluded(NanoUSD(nanos: amount), to: organization, for: month, at: Sample.now)
                }
                oracle.paid[organization, default: 0] += amount
            default:
                let day = CalendarDay(daysSinceEpoch: Sample.now.day + Int64.random(in: 0..<4, using: &random))
                let name = "\(organization) \(day)"
                // Corrections take back some, or all and more.
                let change = Int.random(in: 0..<3, using: &random) == 0 ? -amount : amount
                days[name, default: 0] += change
                let charged = NanoUSD(nanos: days[name] ?? 0)
                try await insist {
                    try await books.settleUsage(
                        of: organization,
                        on: day,
                        charged: charged,
                        overdraft: overdraft,
                        givesBack: true,
                        at: Sample.now
                    )
                }
                oracle.used[organization, default: 0] += change
            }
            let balances = try await store.balances(startingWith: "")
            #expect(try Money.sum(balances.values) == .zero, "step \(step)")
            for (account, balance) in balances where account.hasPrefix("credit:") {
                #expect(balance.nanos >= -overdraft.nanos, "\(account) at step \(step)")
            }
            for (account, balance) in balances where account.hasPrefix("included:") {
                #expect(balance >= .zero, "\(account) at step \(step)")
            }
        }
        for organization in (0..<3).map({ "org_\($0)" }) {
            let credit = try await books.balance(of: .credit(organization)).nanos
            let owed = try await books.balance(of: .receivable(organization)).nanos
            let included = try await books.balance(of: .included(organization)).nanos
            #expect(credit + included + owed == oracle.paid[organization, default: 0] - oracle.used[organization, default: 0])
        }
        #expect(try await books.balance(of: .usageRevenue).nanos == oracle.used.values.reduce(0, +))
        let head = try await Books(store.store).verify(page: 7)
        #expect(try await store.head() == head)
    }
}
