import GRDB

/// Gives a statement its values one after another, each as what it is, and executes it.
///
/// For statements that are executed many times: `StatementArguments` boxes every value, copies the list and looks
/// each one up again, which takes longer than the insertion itself.
struct RowBinder {
    private let statement: Statement
    private var count: CInt = 0

    init(_ statement: Statement) {
        self.statement = statement
        // Takes the statement back to its start, which must come before binding.
        statement.setUncheckedArguments(StatementArguments())
    }

    /// The next value.
    mutating func bind(_ value: some StatementBinding) throws {
        count += 1
        let code = value.bind(to: statement.sqliteStatement, at: count)
        guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code), sql: statement.sql) }
    }

    /// The next value, or null.
    mutating func bind(_ value: (some StatementBinding)?) throws {
        if let value { try bind(value) } else { try bind(DatabaseValue.null) }
    }

    consuming func execute() throws { try statement.execute() }
}
