/// Finds the name that was probably meant.
enum NearestName {
    /// `; did you mean x?`, or nothing when no name is close.
    static func hint(for word: String, among names: [String]) -> String {
        nearest(to: word, among: names).map { "; did you mean \($0)?" } ?? ""
    }

    /// The name with the fewest edits from `word`, if they are at most a third of its letters.
    static func nearest(to word: String, among names: [String]) -> String? {
        guard word.count <= 64 else { return nil }
        let simple = simplified(word)
        if let same = names.first(where: { simplified($0) == simple }) { return same }
        let ranked = names.map { (name: $0, edits: edits(Array(word.lowercased()), Array($0.lowercased()))) }
        guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
        return best.edits <= max(1, word.count / 3) ? best.name : nil
    }

    /// Without what differs between camelCase, kebab-case and snake_case.
    private static func simplified(_ name: String) -> String {
        String(name.lowercased().filter { $0 != "_" && $0 != "-" })
    }

    /// Insertions, deletions, replacements and swaps of neighbours that make one word the other: the optimal string
    /// alignment distance (Damerau 1964, in the restricted form).
    private static func edits(_ left: [Character], _ right: [Character]) -> Int {
        var rows = [Array(0...right.count)]
        for i in 1...max(1, left.count) where i <= left.count {
            var row = [i]
            for j in 1...max(1, right.count) where j <= right.count {
                let change = left[i - 1] == right[j - 1] ? 0 : 1
                var cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + change)
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    cost = min(cost, rows[i - 2][j - 2] + 1)
                }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
