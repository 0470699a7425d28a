import SiraCore

/// What stands behind a term's operator, in lower case.
struct ObjectiveValue {
    var text: String
    var term: ObjectiveTerm
    var source: ObjectiveError.Source

    /// A number from 0 to 1.
    func share() throws(ObjectiveError) -> Double {
        guard let number = decimal(text), (0...NanoUSD.perDollar).contains(number) else {
            throw bad("is not a number from 0 to 1")
        }
        return Double(number) / Double(NanoUSD.perDollar)
    }

    /// A time in `ms` or `s`, of an hour at most.
    func duration() throws(ObjectiveError) -> Duration {
        let isMilliseconds = text.hasSuffix("ms")
        guard isMilliseconds || text.hasSuffix("s"), let number = decimal(text.dropLast(isMilliseconds ? 2 : 1)) else {
            throw bad("is not a time in ms or s")
        }
        let microseconds = number / (isMilliseconds ? 1_000_000 : 1_000)
        guard (1...3_600_000_000).contains(microseconds) else { throw bad("is not between 0 and 3600s") }
        return .microseconds(microseconds)
    }

    /// An exact amount, read without a binary fraction.
    func dollars() throws(ObjectiveError) -> NanoUSD {
        guard let number = decimal(text), number >= 0 else {
            throw bad("is not an amount in dollars with nine digits after the point at most")
        }
        return NanoUSD(nanos: number)
    }

    /// Tokens a second.
    func rate() throws(ObjectiveError) -> Double {
        guard let number = decimal(text), number > 0, number <= 1_000_000 * NanoUSD.perDollar else {
            throw bad("is not a number of tokens a second")
        }
        return Double(number) / Double(NanoUSD.perDollar)
    }

    /// A number of tokens, with `k` or `m` for thousands and millions.
    func tokens() throws(ObjectiveError) -> Int {
        let factor: Int64 = text.hasSuffix("k") ? 1_000 : text.hasSuffix("m") ? 1_000_000 : 1
        let digits = factor == 1 ? text[...] : text.dropLast()
        guard let number = decimal(digits), number > 0 else { throw bad("is not a number of tokens") }
        let (product, isTooMuch) = number.multipliedReportingOverflow(by: factor)
        let tokens = product / NanoUSD.perDollar
        guard !isTooMuch, (1...1_000_000_000).contains(tokens) else { throw bad("is not a number of tokens") }
        return Int(tokens)
    }

    /// Names with commas between them, each once.
    func names() throws(ObjectiveError) -> [String] {
        var names: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = String(part.trimmed)
            guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(Self.mayBeInName) else {
                throw bad("is not a list of names")
            }
            if !names.contains(name) { names.append(name) }
            guard names.count <= Objective.longestList else {
                throw bad("has more than \(Objective.longestList) names")
            }
        }
        return names
    }

    func capabilities() throws(ObjectiveError) -> Set<Objective.Capability> {
        var capabilities: Set<Objective.Capability> = []
        let all = Objective.Capability.allCases.map(\.rawValue)
        for name in try names() {
            guard let capability = Objective.Capability(rawValue: name) else {
                let near = NameSuggestion.near(name, among: all)
                let hint = near.isEmpty ? "" : ", did you mean \(near.joined(separator: " or "))"
                throw bad("has \(name), which is none of \(all.joined(separator: ", "))\(hint)")
            }
            capabilities.insert(capability)
        }
        return capabilities
    }

    func answer() throws(ObjectiveError) -> Bool {
        switch text {
        case "yes", "true": true
        case "no", "false": false
        default: throw bad("is neither yes nor no")
        }
    }

    /// Billionths, by the reader of money, since both are decimal numbers that must be exact.
    private func decimal(_ text: some StringProtocol) -> Int64? { NanoUSD(decimal: text)?.nanos }

    private func bad(_ what: String) -> ObjectiveError {
        ObjectiveError(
            .badValue,
            "\(term.rawValue): \"\(text.prefix(64))\" \(what); write it as in \(term.example)",
            in: source
        )
    }

    private static func mayBeInName(_ byte: UInt8) -> Bool {
        byte &- 0x61 < 26 || byte &- 0x30 < 10 || "-_./".utf8.contains(byte)
    }
}
