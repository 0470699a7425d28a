/// Finds the name that was probably meant.
package enum NearestName {
    /// `; did you mean x?`, or nothing when no name is close.
    package static func hint(for word: String, among names: [String]) -> String {
        nearest(to: word, among: names).map { "; did you mean \($0)?" } ?? ""
    }

    /// What other programs call a field.
    private static let synonyms: [String: [String]] = [
        "address": ["host", "port", "listen", "bind", "listenaddress"],
        "api_key": ["key", "token", "secret", "credential", "apitoken"],
        "base_url": ["url", "endpoint", "apibase", "host", "uri"],
        "protocol": ["type", "kind", "format", "dialect", "wire"],
        "certificate": ["cert", "certfile", "chain"],
        "directory": ["path", "dir", "datadir"],
        "variables": ["vars", "params"],
        "context": ["contextwindow", "maxinput", "maxinputtokens"],
        "max_output": ["maxtokens", "maxoutputtokens"],
        "price": ["prices", "pricing", "cost", "costs"],
        "targets": ["models", "deployments", "members", "providers"],
        "strategy": ["mode", "policy", "balancing", "loadbalance", "algorithm"],
        "fallbacks": ["failover", "backup", "backups"],
        "routes": ["router", "modelgroups", "groups", "virtualmodels"],
        "if": ["when", "condition", "match"],
        "arms": ["variants", "targets", "candidates"],
        "without_keys": ["auth", "allowunauthenticated", "anonymous"],
    ]

    /// The name with the fewest edits from `word`, if they are at most a third of its letters, or the one that means
    /// the same.
    package static func nearest(to word: String, among names: [String]) -> String? {
        // Letters make a word; 1.1 is not a slip of the pen for 1.2.
        guard word.count <= 64, word.contains(where: \.isLetter) else { return nil }
        let simple = simplified(word)
        if let same = names.first(where: { simplified($0) == simple }) { return same }
        let ranked = names.map { (name: $0, edits: edits(Array(word.lowercased()), Array($0.lowercased()))) }
        if let best = ranked.min(by: { $0.edits < $1.edits }), best.edits <= max(1, word.count / 3) { return best.name }
        return names.first { synonyms[$0]?.contains(simple) == true }
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
