package import SiraCore

/// One line of what a provider says was used or is charged.
package struct ProviderUsageLine: Hashable, Sendable {
    /// In UTC, as providers bill.
    package var day: CalendarDay
    /// As the provider names it; nil where the line is about all models.
    package var model: String?
    /// The provider's id of the key; nil where the line is about all keys.
    package var key: String?
    /// The price level, such as `batch`; nil where it is the usual one or not told.
    package var tier: String?
    /// What is charged, in the provider's words; nil in lines of usage.
    package var item: String?
    /// How many requests it were; nil where the provider does not tell.
    package var requests: Int64?
    /// What was used; nil in lines of costs.
    package var usage: Usage?
    /// What is charged; nil in lines of usage.
    package var cost: NanoUSD?

    package init(day: CalendarDay) {
        self.day = day
    }
}

/// What was read from a provider's export.
package struct UsageImport: Hashable, Sendable {
    package var lines: [ProviderUsageLine] = []
    /// The days that it is about, those without lines among them.
    package var days: Set<CalendarDay> = []
    /// What the reader should know, such as that there are more pages.
    package var notes: [String] = []

    package init() {}

    /// Joins another one, such as the costs to the usage.
    package mutating func join(_ other: UsageImport) {
        lines += other.lines
        days.formUnion(other.days)
        notes += other.notes.filter { !notes.contains($0) }
    }
}

/// How much is read of an export.
package enum UsageImportLimits {
    /// The longest file, in bytes.
    package static let bytes = 64 << 20
    /// The most lines of usage or costs.
    package static let lines = 500_000
}

/// Why an export cannot be read, and where.
package struct UsageImportError: Error, Hashable, Sendable, CustomStringConvertible {
    package let reason: String
    /// From 1; 0 where it is about the whole.
    package let line: Int
    /// From 1, in bytes; 0 where it is about the whole line.
    package let column: Int

    init(_ reason: String, line: Int = 0, column: Int = 0) {
        self.reason = reason
        self.line = line
        self.column = column
    }

    /// - Parameter offset: where it is in `text`, in bytes.
    init(_ reason: String, in text: [UInt8], at offset: Int) {
        let before = text[..<min(max(0, offset), text.count)]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        self.reason = reason
        line = before.count { $0 == 0x0A } + 1
        column = before.count - lineStart + 1
    }

    package var description: String {
        if line == 0 { return reason }
        return column == 0 ? "line \(line): \(reason)" : "line \(line), column \(column): \(reason)"
    }
}
