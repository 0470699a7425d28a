import Foundation
import GRDB
import SiraCore
package import SiraStorage

extension SQLiteDatabase {
    /// The books.
    package var transfers: any TransferStore { SQLiteTransferStore(database: self) }

    /// A value that differs from the one before when resources or what may be spent were changed in between.
    ///
    /// - Parameter number: only ever grows; another one gives another value.
    package func ruleChangeToken(plus number: Int64) async throws -> ChangeToken {
        try await watcher.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT sum(value) FROM revisions WHERE name IN ('resources', 'credits')"
            )
            return ChangeToken((try Int64.fetchOne(statement) ?? 0) &+ number)
        }
    }
}

/// The books in the tables `transfers`, `postings` and `turnovers`.
struct SQLiteTransferStore: TransferStore {
    let database: SQLiteDatabase

    func append(
        _ transfer: Transfer,
        keeping floors: [BalanceFloor],
        link: @escaping @Sendable (Transfer, ChainHead) -> ChainedTransfer
    ) async throws -> AppendedTransfer {
        try await database.pool.write { database in
            if let first = try Self.transfer(key: transfer.key, in: database) {
                guard first.transfer.saysTheSame(as: transfer) else {
                    throw TransferStoreError.keyTaken(transfer.key)
                }
                return AppendedTransfer(chained: first, isNew: false)
            }
            for account in Set(transfer.postings.map(\.account)) {
                try Self.book(transfer, account, floors, database)
            }
            let chained = link(transfer, try Self.head(in: database))
            try Self.insert(chained, into: database)
            return AppendedTransfer(chained: chained, isNew: true)
        }
    }

    func balance(of account: String) async throws -> NanoUSD {
        try await database.pool.read { try Self.balance(of: account, in: $0) ?? .zero }
    }

    func balances(startingWith prefix: String) async throws -> [String: NanoUSD] {
        try await turnovers(startingWith: prefix).mapValues { kinds in
            // Each balance was found to be in range when it was booked.
            NanoUSD(nanos: kinds.values.reduce(0) { $0 &+ $1.nanos })
        }
    }

    func turnovers(startingWith prefix: String) async throws -> [String: [Transfer.Kind: NanoUSD]] {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT account, kind, amount FROM turnovers WHERE account >= ?1 AND account < ?1 || char(1114111)"
            )
            var turnovers: [String: [Transfer.Kind: NanoUSD]] = [:]
            for row in try Row.fetchAll(statement, arguments: [prefix]) {
                let (account, kind): (String, String) = (row["account"], row["kind"])
                guard let kind = Transfer.Kind(rawValue: kind) else { throw StoreError.unreadable("a turnover") }
                turnovers[account, default: [:]][kind] = NanoUSD(nanos: row["amount"])
            }
            return turnovers
        }
    }

    func transfers(_ filter: TransferFilter) async throws -> [ChainedTransfer] {
        var conditions = Conditions()
        if let key = filter.key { conditions.add("key = ?", key) }
        if let account = filter.account {
            conditions.add("sequence IN (SELECT sequence FROM postings WHERE account = ?)", account)
        }
        if let kind = filter.kind { conditions.add("kind = ?", kind.rawValue) }
        if let reference = filter.reference { conditions.add("reference = ?", reference) }
        if let since = filter.since { conditions.add("at >= ?", since.microseconds) }
        if let until = filter.until { conditions.add("at < ?", until.microseconds) }
        if let after = filter.after { conditions.add(filter.isNewestFirst ? "sequence < ?" : "sequence > ?", after) }
        let order = filter.isNewestFirst ? "DESC" : "ASC"
        let sql = "SELECT * FROM transfers \(conditions.clause) ORDER BY sequence \(order) LIMIT ?"
        let arguments = StatementArguments(conditions.values + [max(0, filter.limit)])
        return try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: arguments).map { try Self.chained($0, in: database) }
        }
    }

    func head() async throws -> ChainHead {
        try await database.pool.read { try Self.head(in: $0) }
    }

    // MARK: one transfer

    private static func head(in database: Database) throws -> ChainHead {
        let statement = try database.cachedStatement(
            sql: "SELECT sequence, hash FROM transfers ORDER BY sequence DESC LIMIT 1"
        )
        return try Row.fetchOne(statement).map { ChainHead(sequence: $0["sequence"], hash: try hash($0["hash"])) }
            ?? .start
    }

    private static func transfer(key: String, in database: Database) throws -> ChainedTransfer? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM transfers WHERE key = ?")
        return try Row.fetchOne(statement, arguments: [key]).map { try chained($0, in: database) }
    }

    private static func balance(of account: String, in database: Database) throws -> NanoUSD? {
        // Summed here, since sums of single kinds may pass the range on the way.
        let statement = try database.cachedStatement(sql: "SELECT amount FROM turnovers WHERE account = ?")
        let amounts = try Int64.fetchAll(statement, arguments: [account])
        return Int64(exactly: amounts.reduce(Int128(0)) { $0 + Int128($1) }).map { NanoUSD(nanos: $0) }
    }

    /// Changes an account by what the transfer posts to it.
    private static func book(
        _ transfer: Transfer,
        _ account: String,
        _ floors: [BalanceFloor],
        _ database: Database
    ) throws {
        let outOfRange = TransferStoreError.outOfRange(account: account)
        guard let change = transfer.change(of: account), let before = try balance(of: account, in: database) else {
            throw outOfRange
        }
        let (after, overflow) = before.nanos.addingReportingOverflow(change.nanos)
        guard !overflow else { throw outOfRange }
        if change < .zero, let floor = floors.first(where: { $0.account == account }), after < floor.minimum.nanos {
            throw TransferStoreError.belowFloor(account: account, balance: before, minimum: floor.minimum)
        }
        let kind = transfer.kind.rawValue
        let reading = try database.cachedStatement(sql: "SELECT amount FROM turnovers WHERE account = ? AND kind = ?")
        let turnover = try Int64.fetchOne(reading, arguments: [account, kind]) ?? 0
        let (sum, isBeyond) = turnover.addingReportingOverflow(change.nanos)
        guard !isBeyond else { throw outOfRange }
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO turnovers (account, kind, amount) VALUES (?, ?, ?)"
        )
        try statement.execute(arguments: [account, kind, sum])
    }

    private static func insert(_ chained: ChainedTransfer, into database: Database) throws {
        let transfer = chained.transfer
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO transfers (sequence, id, key, at, kind, memo, reference, previous, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(
            arguments: [
                chained.sequence, transfer.id, transfer.key, transfer.at.microseconds, transfer.kind.rawValue,
                transfer.memo, transfer.reference, Data(chained.previous.bytes), Data(chained.hash.bytes),
            ]
        )
        let posting = try database.cachedStatement(
            sql: "INSERT INTO postings (sequence, place, account, amount) VALUES (?, ?, ?, ?)"
        )
        for (place, one) in transfer.postings.enumerated() {
            try posting.execute(arguments: [chained.sequence, place, one.account, one.amount.nanos])
        }
    }

    private static func chained(_ row: Row, in database: Database) throws -> ChainedTransfer {
        let (sequence, kind): (Int64, String) = (row["sequence"], row["kind"])
        guard let kind = Transfer.Kind(rawValue: kind) else {
            throw StoreError.unreadable("a transfer of the kind \(kind)")
        }
        let statement = try database.cachedStatement(
            sql: "SELECT account, amount FROM postings WHERE sequence = ? ORDER BY place"
        )
        let postings = try Row.fetchAll(statement, arguments: [sequence]).map { row in
            Posting(account: row["account"], amount: NanoUSD(nanos: row["amount"]))
        }
        let transfer = Transfer(
            id: row["id"],
            key: row["key"],
            at: Timestamp(microseconds: row["at"]),
            kind: kind,
            memo: row["memo"],
            reference: row["reference"],
            postings: postings
        )
        return ChainedTransfer(
            transfer: transfer,
            sequence: sequence,
            previous: try hash(row["previous"]),
            hash: try hash(row["hash"])
        )
    }

    private static func hash(_ data: Data) throws -> ChainHash {
        guard let hash = ChainHash(bytes: data) else { throw StoreError.unreadable("the hash of a transfer") }
        return hash
    }
}
