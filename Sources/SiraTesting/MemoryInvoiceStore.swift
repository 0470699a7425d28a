package import SiraCore
package import SiraStorage
import Synchronization

/// Invoices in memory, without a limit.
package final class MemoryInvoiceStore: InvoiceStore {
    private let state = Mutex<[StoredInvoice]>([])

    package init() {}

    package func issue(
        _ subject: InvoiceSubject,
        at time: Timestamp,
        _ make: @escaping @Sendable (InvoiceNumber) throws -> [UInt8]
    ) async throws -> StoredInvoice {
        try state.withLock { kept in
            if let first = kept.first(where: { $0.subject == subject }) { return first }
            let year = CalendarDay(daysSinceEpoch: time.day).year
            let last = kept.filter { $0.number.year == year }.map(\.number.sequence).max() ?? 0
            let number = InvoiceNumber(year: year, sequence: last + 1)
            let invoice = StoredInvoice(number: number, subject: subject, issuedAt: time, json: try make(number))
            kept.append(invoice)
            return invoice
        }
    }

    package func invoice(_ number: InvoiceNumber) async throws -> StoredInvoice? {
        state.withLock { $0.first { $0.number == number } }
    }

    package func invoices(
        of organization: String?,
        before: InvoiceNumber?,
        limit: Int
    ) async throws -> [StoredInvoice] {
        state.withLock { kept in
            kept.filter { invoice in
                organization.map { $0 == invoice.subject.organization } ?? true
                    && before.map { invoice.number < $0 } ?? true
            }
            .sorted { $0.number > $1.number }.prefix(limit).map(\.self)
        }
    }
}
