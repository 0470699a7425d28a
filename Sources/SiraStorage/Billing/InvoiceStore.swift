package import SiraCore

/// Where invoices are kept, each under its number.
///
/// Several processes may use the same store at the same time.
package protocol InvoiceStore: Sendable {
    /// Keeps an organization's invoice for a month under the next number of the year in which it is issued, durably
    /// once it returns. Where there is one already, that one is given and no number is used up.
    ///
    /// - Parameter make: writes the invoice for its number. It may be called more than once.
    /// - Throws: what `make` throws, and then nothing is kept and no number used up.
    func issue(
        _ subject: InvoiceSubject,
        at time: Timestamp,
        _ make: @escaping @Sendable (InvoiceNumber) throws -> [UInt8]
    ) async throws -> StoredInvoice

    /// The invoice of this number; nil when there is none.
    func invoice(_ number: InvoiceNumber) async throws -> StoredInvoice?

    /// Invoices, those with the highest numbers first.
    ///
    /// - Parameters:
    ///   - organization: nil for those of all.
    ///   - before: only those with lower numbers.
    ///   - limit: at most so many.
    func invoices(of organization: String?, before: InvoiceNumber?, limit: Int) async throws -> [StoredInvoice]
}

/// What there is one invoice for.
package struct InvoiceSubject: Hashable, Sendable {
    /// The organization's id.
    package var organization: String
    /// The month that is charged for, such as `2026-10`.
    package var month: String

    package init(organization: String, month: String) {
        self.organization = organization
        self.month = month
    }
}

/// The number of an invoice: `INV-2026-000001`, without gaps within a year.
package struct InvoiceNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The year in UTC in which the invoice was issued.
    package let year: Int
    /// 1 for the first of the year.
    package let sequence: Int64

    package init(year: Int, sequence: Int64) {
        self.year = year
        self.sequence = sequence
    }

    package static func < (left: InvoiceNumber, right: InvoiceNumber) -> Bool {
        (left.year, left.sequence) < (right.year, right.sequence)
    }

    package var description: String {
        let digits = String(sequence)
        return "INV-\(year)-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Reads what ``description`` writes; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "INV", let year = Int(parts[1]), let sequence = Int64(parts[2]) else {
            return nil
        }
        self.init(year: year, sequence: sequence)
        guard sequence > 0, description == text else { return nil }
    }
}

/// An invoice as it was issued.
package struct StoredInvoice: Hashable, Sendable {
    package var number: InvoiceNumber
    package var subject: InvoiceSubject
    package var issuedAt: Timestamp
    package var json: [UInt8]

    package init(number: InvoiceNumber, subject: InvoiceSubject, issuedAt: Timestamp, json: [UInt8]) {
        self.number = number
        self.subject = subject
        self.issuedAt = issuedAt
        self.json = json
    }
}
