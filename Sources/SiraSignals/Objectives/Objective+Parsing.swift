import SiraCore

extension Objective {
    /// Reads terms that are joined by `&`, such as `cheapest&quality>=0.8&ttft<800ms`.
    ///
    /// - Parameter source: Where the text stood, for errors.
    /// - Throws: ``ObjectiveError``, which says what is allowed.
    package init(parsing text: some StringProtocol, in source: ObjectiveError.Source = .model) throws(ObjectiveError) {
        guard text.utf8.count <= Self.longest else {
            throw ObjectiveError(
                .tooLong,
                "it has \(text.utf8.count) bytes, and may have \(Self.longest)",
                in: source
            )
        }
        var reader = ObjectiveReader(source: source)
        for term in text.split(separator: "&", omittingEmptySubsequences: false) { try reader.read(term) }
        try reader.objective.check(source)
        self = reader.objective
    }
}

/// Reads the terms of one text.
struct ObjectiveReader {
    var objective = Objective()
    let source: ObjectiveError.Source
    private var seen: Set<String> = []

    init(source: ObjectiveError.Source) { self.source = source }

    mutating func read(_ written: some StringProtocol) throws(ObjectiveError) {
        let text = written.trimmed.lowercased()
        guard let sign = text.firstIndex(where: { "<>=!".contains($0) }) else { return try readWord(text) }
        let name = text[..<sign].trimmed
        guard let term = ObjectiveTerm(rawValue: String(name)) else { throw unknown(String(name)) }
        let rest = text[sign...]
        let mark = rest.prefix { "<>=!".contains($0) }
        try read(term, String(mark), rest.dropFirst(mark.count).trimmed)
    }

    /// Reads a term that stands in a header of its own.
    mutating func read(_ term: ObjectiveTerm, value: some StringProtocol) throws(ObjectiveError) {
        try read(term, term.wanted.rawValue, value.trimmed.lowercased())
    }

    mutating func readWord(_ word: String) throws(ObjectiveError) {
        if word == ObjectiveTerm.zeroRetention {
            try once(word)
            objective.wantsZeroRetention = true
        } else if let goal = Objective.Goal(rawValue: word) {
            if let other = objective.goal {
                throw ObjectiveError(
                    .repeated,
                    "there can be one goal, here are \(other.rawValue) and \(goal.rawValue)",
                    in: source
                )
            }
            objective.goal = goal
        } else if let term = ObjectiveTerm(rawValue: word) {
            throw ObjectiveError(.badValue, "\(word) wants a value, as in \(term.example)", in: source)
        } else {
            throw unknown(word)
        }
    }

    private func unknown(_ word: String) -> ObjectiveError {
        guard !word.isEmpty else {
            return ObjectiveError(.unknownTerm, "a term is empty; there are \(ObjectiveTerm.allowed)", in: source)
        }
        let near = NameSuggestion.near(word, among: ObjectiveTerm.words)
        let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        return ObjectiveError(
            .unknownTerm,
            "unknown term \"\(word.prefix(64))\"\(hint.isEmpty ? "; " : hint + " ")there are \(ObjectiveTerm.allowed)",
            in: source
        )
    }

    private mutating func once(_ name: String) throws(ObjectiveError) {
        guard seen.insert(name).inserted else {
            throw ObjectiveError(.repeated, "\(name) stands there twice", in: source)
        }
    }

    private mutating func read(
        _ term: ObjectiveTerm,
        _ mark: String,
        _ value: some StringProtocol
    ) throws(ObjectiveError) {
        try once(term.rawValue)
        // Limits are estimates, so that below and at most are the same.
        let plain = mark == "<" ? "<=" : mark == ">" ? ">=" : mark
        guard plain == term.wanted.rawValue else {
            throw ObjectiveError(
                .badOperator,
                "\(term.rawValue) does not go with \"\(mark)\"; write it as in \(term.example)",
                in: source
            )
        }
        let values = ObjectiveValue(text: String(value), term: term, source: source)
        switch term {
        case .quality: objective.leastQuality = try values.share()
        case .ttft: objective.mostFirstToken = try values.duration()
        case .price: objective.mostPrice = try values.dollars()
        case .inputPrice: objective.mostInputPrice = try values.dollars()
        case .outputPrice: objective.mostOutputPrice = try values.dollars()
        case .throughput: objective.leastThroughput = try values.rate()
        case .context: objective.leastContext = try values.tokens()
        case .only: objective.only = try values.names()
        case .order: objective.order = try values.names()
        case .ignore: objective.ignore = try values.names()
        case .region: objective.regions = try values.names()
        case .require: objective.required = try values.capabilities()
        case .allowFallbacks: objective.allowsFallbacks = try values.answer()
        }
    }
}

extension StringProtocol {
    /// Without blanks at either end.
    var trimmed: SubSequence {
        var text = self[...]
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
