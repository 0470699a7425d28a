/// Sums of columns that may leave the range of 64 bits.
enum WideSum {
    /// What to select for a column's sum under the column's own name: the end of the range where the sum lies beyond it.
    ///
    /// SQLite's `sum()` ends the query with an error there, and one absurd figure would make every report that includes
    /// it fail. So the upper and the lower 32 bits are summed apart, which 2³¹ rows cannot overflow, and put together.
    static func column(_ name: String) -> String {
        let low = "sum(\(name) & 4294967295)"
        let high = "(sum(\(name) >> 32) + (\(low) >> 32))"
        return """
            CASE WHEN \(high) > \(Int32.max) THEN \(Int64.max) WHEN \(high) < \(Int32.min) THEN \(Int64.min + 1)
            ELSE (\(high) << 32) | (\(low) & 4294967295) END AS \(name)
            """
    }
}
