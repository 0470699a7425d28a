import SiraTesting

/// Expressions of every kind, by chance.
enum RandomExpression {
    static func text(_ random: inout SeededRandom, depth: Int) -> String {
        guard depth > 0 else { return comparison(&random) }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return "not " + text(&random, depth: depth - 1)
        case 1: return "(" + text(&random, depth: depth - 1) + ")"
        case 2: return text(&random, depth: depth - 1) + " and " + text(&random, depth: depth - 1)
        case 3: return text(&random, depth: depth - 1) + " or " + text(&random, depth: depth - 1)
        default: return comparison(&random)
        }
    }

    private static func comparison(_ random: inout SeededRandom) -> String {
        func pick(_ list: [String]) -> String { list.randomElement(using: &random) ?? "true" }
        func number() -> String {
            pick([
                "tokens", "turns", "tools", "code", "output_limit", "hour", "hour('+05:45')", "5", "0.25", "3k", "1.5m",
            ])
        }
        func name() -> String {
            pick(
                ["model", "key", "user", "session", "header.x-team", "header['a b!c']", "header['x.y']"].filter {
                    !$0.contains(" ")
                }
            )
        }
        func literal() -> String { pick(["'a'", "\"it's\"", "'gpt-4o'", "''", #"'\\'"#, "'红'", "'a*b*'", "'\n'"]) }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return pick(["images", "audio", "files", "json", "reasoning", "stream", "true", "false"])
        case 1: return number() + pick(["<", " <= ", ">", ">=", "==", " != "]) + number()
        case 2: return name() + pick(["==", " != "]) + pick([literal(), name()])
        case 3: return name() + " matches " + literal()
        case 4: return name() + " contains " + pick([literal(), name()])
        case 5: return "tags contains " + pick([literal(), name()])
        case 6: return name() + " in [" + literal() + ", " + literal() + "]"
        case 7: return number() + " in [1, 2k]"
        case 8:
            return pick([
                "language == 'zh'", "task in ['code','math']", "weekday('+08:00') != 'mon'", "'chat' == operation",
            ])
        default: return pick(["stream", "images"]) + pick(["==", "!="]) + pick(["true", "false"])
        }
    }
}
