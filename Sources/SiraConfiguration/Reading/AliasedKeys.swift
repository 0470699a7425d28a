/// Finds keys of mappings that are made of aliases, before YAML is read.
///
/// The YAML reader compares keys by all that they hold, which takes exponential time when a key is made of aliases of
/// aliases. Sira's keys are names, so such keys are refused unread. What is found is everything that could be one, and
/// now and then a text that only looks like it.
enum AliasedKeys {
    /// The place of the first one; nil when there is none.
    static func first(in text: String) -> SettingsOrigin.Place? {
        guard text.utf8.contains(UInt8(ascii: "*")) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        guard lines.contains(where: { firstAlias(in: $0) != nil }) else { return nil }
        for (index, line) in lines.enumerated() {
            if let column = firstKey(in: line) { return SettingsOrigin.Place(line: index + 1, column: column + 1) }
        }
        return nil
    }

    /// Where a key that may hold aliases ends, or begins if it begins with `?`.
    private static func firstKey(in line: [Unicode.Scalar]) -> Int? {
        // A key without ? is on one line with its colon (YAML 1.2.2, section 7.4.2), so its aliases are too.
        let alias = firstAlias(in: line) ?? line.count
        var previous: Unicode.Scalar = " "
        var wordBegin = 0
        for (column, character) in line.enumerated() {
            let next = column + 1 < line.count ? line[column + 1] : " "
            switch character {
            case "?" where isOne(of: " \t-[{,?", line, column - 1) && " \t\r[{*&!?".unicodeScalars.contains(next):
                return column
            case ":" where column > alias && (previous == "]" || previous == "}" || line[wordBegin] == "*"):
                return column
            default: break
            }
            if !" \t".unicodeScalars.contains(character) {
                if isOne(of: " \t[{,", line, column - 1) { wordBegin = column }
                previous = character
            }
        }
        return nil
    }

    /// Whether the character there is one of these; what is before the line's beginning is.
    private static func isOne(of characters: String, _ line: [Unicode.Scalar], _ column: Int) -> Bool {
        column < 0 || characters.unicodeScalars.contains(line[column])
    }

    private static func firstAlias(in line: [Unicode.Scalar]) -> Int? {
        line.indices.first { index in
            guard line[index] == "*", index + 1 < line.count else { return false }
            let next = line[index + 1]
            return next.isASCII
                && (next.properties.isAlphabetic || next.properties.numericType != nil
                    || "-_".unicodeScalars.contains(next))
        }
    }
}
