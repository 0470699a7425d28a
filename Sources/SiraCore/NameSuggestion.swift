/// Finds what someone may have meant by a name that does not exist.
package enum NameSuggestion {
    /// Up to three of `names` that are near `wanted`, the nearest first.
    ///
    /// Looks at no more than 4,000 names and at 64 bytes of `wanted`, so that a wrong name costs a bounded time.
    ///
    /// - Parameter most: the most letters that may differ; a third of them unless said otherwise.
    package static func near(_ wanted: String, among names: some Sequence<String>, within most: Int? = nil) -> [String]
    {
        let target = Array(wanted.lowercased().utf8.prefix(64))
        let limit = most ?? max(1, target.count / 3)
        var found: [(name: String, distance: Int)] = []
        for name in names.prefix(4_000) where abs(name.utf8.count - target.count) <= limit {
            let distance = distance(target, Array(name.lowercased().utf8), limit: limit)
            if distance <= limit { found.append((name, distance)) }
        }
        found.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
        return found.prefix(3).map(\.name)
    }

    /// The Levenshtein distance, or something above `limit` once it cannot stay within it.
    static func distance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int {
        var row = Array(0...right.count)
        for (line, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            var least = row[0]
            for (column, other) in right.enumerated() {
                let substituted = diagonal + (byte == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, diagonal + 1, row[column] + 1)
                least = min(least, row[column + 1])
            }
            if least > limit { return limit + 1 }
        }
        return row[right.count]
    }
}
