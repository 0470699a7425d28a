import Foundation
import GRDB
import SiraCore
package import SiraStorage

extension SQLiteDatabase {
    /// Invoices.
    package var invoices: any InvoiceStore { SQLiteInvoiceStore(database: self) }
}

/// Invoices in the table of that name.
struct SQLiteInvoiceStore: InvoiceStore {
    let database: SQLiteDatabase

    func issue(
        _ subject: InvoiceSubject,
        at time: Timestamp,
        _ make: @escaping @Sendable (InvoiceNumber) throws -> [UInt8]
    ) async throws -> StoredInvoice {
        try await database.pool.write { database in
            let known = try database.cachedStatement(sql: "SELECT * FROM invoices WHERE organization = ? AND month = ?")
            if let row = try Row.fetchOne(known, arguments: [subject.organization, subject.month]) {
                return StoredInvoice(row: row)
            }
            let year = CalendarDay(daysSinceEpoch: time.day).year
            let last = try database.cachedStatement(sql: "SELECT max(sequence) FROM invoices WHERE year = ?")
            let sequence = (try Int64.fetchOne(last, arguments: [year]) ?? 0) + 1
            let number = InvoiceNumber(year: year, sequence: sequence)
            let invoice = StoredInvoice(number: number, subject: subject, issuedAt: time, json: try make(number))
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO invoices (year, sequence, organization, month, issued_at, json) VALUES (?, ?, ?, ?, ?, ?)
                    """
            )
            try statement.execute(
                arguments: [
                    year, sequence, subject.organization, subject.month, time.microseconds, Data(invoice.json),
                ]
            )
            return invoice
        }
    }

    func invoice(_ number: InvoiceNumber) async throws -> StoredInvoice? {
        try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: "SELECT * FROM invoices WHERE year = ? AND sequence = ?")
            return try Row.fetchOne(statement, arguments: [number.year, number.sequence]).map(StoredInvoice.init(row:))
        }
    }

    func invoices(of organization: String?, before: InvoiceNumber?, limit: Int) async throws -> [StoredInvoice] {
        var conditions = Conditions()
        if let organization { conditions.add("organization = ?", organization) }
        if let before { conditions.add("(year, sequence) < (?, ?)", [before.year, before.sequence]) }
        let sql = "SELECT * FROM invoices \(conditions.clause) ORDER BY year DESC, sequence DESC LIMIT ?"
        let arguments = StatementArguments(conditions.values + [max(0, limit)])
        return try await database.pool.read { database in
            let statement = try database.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: arguments).map(StoredInvoice.init(row:))
        }
    }
}

extension StoredInvoice {
    fileprivate init(row: Row) {
        let json: Data = row["json"]
        self.init(
            number: InvoiceNumber(year: row["year"], sequence: row["sequence"]),
            subject: InvoiceSubject(organization: row["organization"], month: row["month"]),
            issuedAt: Timestamp(microseconds: row["issued_at"]),
            json: Array(json)
        )
    }
}
