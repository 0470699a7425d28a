import Crypto
import SiraBilling
import SiraCore
import SiraStorage
import SiraTesting
import Synchronization
import Testing

@Suite struct TransferChainTests {
    private func chain(_ count: Int) async throws -> [ChainedTransfer] {
        let books = Sample.books()
        for number in 1...count { try await Sample.topUp(books, Int64(number), key: "k\(number)") }
        return try await books.store.transfers(TransferFilter())
    }

    @Test func `the hash is SHA-256 over the one before and the canonical bytes`() async throws {
        let chain = try await chain(2)
        let bytes = chain[0].hash.bytes + TransferChain.canonicalBytes(of: chain[1].transfer, at: 2)
        #expect(ChainHash(bytes: SHA256.hash(data: bytes)) == chain[1].hash)
        #expect(chain[0].previous == .zero && chain[1].previous == chain[0].hash)
    }

    @Test func `the canonical bytes of a known transfer are those written here`() {
        let transfer = Transfer(
            id: "trf_1",
            key: "k",
            at: Timestamp(microseconds: 258),
            kind: .topUp,
            memo: "é",
            reference: "",
            postings: [Posting(account: "credit:a", amount: NanoUSD(nanos: -1))]
        )
        let text = { (text: String) in [0, 0, 0, 0, 0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8) }
        var expected = Array("sira.transfer.1".utf8) + [0, 0, 0, 0, 0, 0, 0, 7] + text("trf_1") + text("k")
        expected += [0, 0, 0, 0, 0, 0, 1, 2] + text("top_up") + text("é") + text("")
        expected += [0, 0, 0, 0, 0, 0, 0, 1] + text("credit:a") + [UInt8](repeating: 255, count: 8)
        #expect(TransferChain.canonicalBytes(of: transfer, at: 7) == expected)
    }

    @Test func `books as they were made are found right`() async throws {
        let chain = try await chain(5)
        let last = try #require(chain.last)
        #expect(try TransferChain.verify(chain, behind: .start) == ChainHead(last))
        #expect(try TransferChain.verify(chain[2...], behind: ChainHead(chain[1])) == ChainHead(last))
    }

    @Test(
        arguments: [
            { $0.transfer.postings[0].account = "credit:org_b" },
            {
                $0.transfer.postings[0].amount = NanoUSD(nanos: 77)
                $0.transfer.postings[1].amount = NanoUSD(nanos: -77)
            },
            { $0.transfer.memo = "x" }, { $0.transfer.id = "trf_x" }, { $0.transfer.key = "x" },
            { $0.transfer.at = Timestamp(microseconds: 0) }, { $0.transfer.kind = .grant },
            { $0.transfer.reference = "x" }, { $0.hash = .zero },
        ] as [@Sendable (inout ChainedTransfer) -> Void]
    )
    func `whatever is changed afterwards is found`(change: @Sendable (inout ChainedTransfer) -> Void) async throws {
        var chain = try await chain(4)
        change(&chain[2])
        #expect(throws: TransferChain.Fault.altered(sequence: 3)) { try TransferChain.verify(chain, behind: .start) }
    }

    @Test func `what is left out, moved or put in is found`() async throws {
        let chain = try await chain(5)
        var missing = chain
        missing.remove(at: 2)
        #expect(throws: TransferChain.Fault.broken(sequence: 4)) { try TransferChain.verify(missing, behind: .start) }
        var moved = chain
        moved.swapAt(1, 2)
        #expect(throws: TransferChain.Fault.broken(sequence: 3)) { try TransferChain.verify(moved, behind: .start) }
        var doubled = chain
        doubled.insert(chain[1], at: 2)
        #expect(throws: TransferChain.Fault.broken(sequence: 2)) { try TransferChain.verify(doubled, behind: .start) }
    }

    @Test func `a transfer that is linked properly and yet no proper one is found`() throws {
        let unbalanced = Sample.transfer("k", [(.credit("a"), 5), (.stripeCash, -4)])
        let chained = TransferChain.link(unbalanced, behind: .start)
        #expect(throws: TransferChain.Fault.improper(sequence: 1, .unbalanced(NanoUSD(nanos: 1)))) {
            try TransferChain.verify([chained], behind: .start)
        }
    }

    @Test func `books are read in pages and held against the balances`() async throws {
        let store = CorruptibleStore()
        let books = Books(store)
        for number in 1...7 { try await Sample.topUp(books, Int64(number), key: "k\(number)") }
        for page in [1, 2, 7, 100] { #expect(try await books.verify(page: page).sequence == 7) }
        store.extra = 5
        await #expect(throws: TransferChain.Fault.self, "a balance that is not the sum") { try await books.verify() }
        store.extra = 0
        store.hidden = 2
        await #expect(throws: TransferChain.Fault.cut(last: 5, head: 7), "the last were cut off") {
            try await books.verify()
        }
    }
}

/// Books whose balances are wrong by something, or whose end is hidden.
private final class CorruptibleStore: TransferStore {
    private let store = MemoryTransferStore()
    private let extraNanos = Atomic<Int64>(0)
    private let hiddenCount = Atomic<Int64>(0)

    /// What each balance is told to be more than it is, in nano-dollars.
    var extra: Int64 {
        get { extraNanos.load(ordering: .relaxed) }
        set { extraNanos.store(newValue, ordering: .relaxed) }
    }
    /// How many of the last transfers are hidden.
    var hidden: Int64 {
        get { hiddenCount.load(ordering: .relaxed) }
        set { hiddenCount.store(newValue, ordering: .relaxed) }
    }

    func append(
        _ transfer: Transfer,
        keeping floors: [BalanceFloor],
        link: @escaping @Sendable (Transfer, ChainHead) -> ChainedTransfer
    ) async throws -> AppendedTransfer {
        try await store.append(transfer, keeping: floors, link: link)
    }

    func balance(of account: String) async throws -> NanoUSD { try await store.balance(of: account) }

    func balances(startingWith prefix: String) async throws -> [String: NanoUSD] {
        try await store.balances(startingWith: prefix).mapValues { $0 + NanoUSD(nanos: extra) }
    }

    func turnovers(startingWith prefix: String) async throws -> [String: [Transfer.Kind: NanoUSD]] {
        try await store.turnovers(startingWith: prefix)
    }

    func transfers(_ filter: TransferFilter) async throws -> [ChainedTransfer] {
        let end = try await store.head().sequence - hidden
        return try await store.transfers(filter).filter { $0.sequence <= end }
    }

    func head() async throws -> ChainHead { try await store.head() }
}
