internal import SiraCatalog
internal import SiraCore
internal import SiraRouting

/// Chooses the model with which someone makes a first call: a current one that many accounts have, at a low price.
///
/// The catalogue has no dates of publication, so what is current is told by names: the highest version in the family
/// that most of the provider's models belong to.
enum CurrentModel {
    /// The id of a provider's model to begin with; nil when none is known that suits.
    ///
    /// - Parameters:
    ///   - listed: what can be used, as `GET /v1/models` lists it.
    ///   - access: the way to the provider.
    static func choice(of access: ProviderAccess, from listed: [ListedModel], _ catalog: Catalog) -> String? {
        let own = listed.filter { $0.owner == access.name && $0.kind == .chat && $0.retiresOn == nil }
        let candidates = own.compactMap { Candidate($0, access: access, catalog) }
        var families: [String: Int] = [:]
        for candidate in candidates { families[candidate.family, default: 0] += 1 }
        return candidates.min { left, right in
            let (one, other) = (families[left.family] ?? 0, families[right.family] ?? 0)
            return (-one, right.version, left.price, left.id) < (-other, left.version, right.price, right.id)
        }?.id
    }

    /// The same, of those that the provider says it offers; any that is known where it says nothing.
    ///
    /// What it does not list is refused or bills by surprise. Where the catalogue has none of its names, it is the first
    /// name that sounds like a conversation.
    static func choice(
        of access: ProviderAccess,
        from listed: [ListedModel],
        _ catalog: Catalog,
        offered: [String]?
    ) -> String? {
        guard let offered, !offered.isEmpty else { return choice(of: access, from: listed, catalog) }
        let names = Set(offered)
        let both = listed.filter { names.contains(String($0.target.dropFirst(access.name.count + 1))) }
        return choice(of: access, from: both, catalog) ?? both.first { $0.owner == access.name && $0.kind == .chat }?.id
            ?? offered.first { !words($0[...]).contains(where: isOdd) } ?? offered.first
    }

    /// The words of a model's name, without what stands before the last slash.
    private static func words(_ id: Substring) -> [String] {
        let name = id.split(separator: "/").last ?? id
        return name.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "." }.map(String.init)
    }

    /// Four digits and more are a day.
    private static func isOdd(_ word: String) -> Bool {
        odd.contains(word) || (word.count >= 4 && word.allSatisfy(\.isNumber))
    }

    /// Parts of names of models that are not for conversation, not finished or not for everyone.
    private static let odd: Set<String> = [
        "latest", "preview", "exp", "experimental", "beta", "alpha", "ft", "free", "audio", "search", "vision", "code",
        "codex", "coder", "cyber", "guard", "safeguard", "realtime", "live", "voice", "tts", "image", "embed",
        "embedding", "computer", "research", "ocr", "math", "base", "instruct", "specdec", "thinking", "reasoning",
        "labs", "nightly", "test", "batch", "online", "extended", "moderation", "whisper", "dall", "rerank",
    ]

    private struct Candidate {
        let id: String
        /// The first word of the name.
        let family: String
        let version: Double
        /// Of prompts, in nano-dollars per million tokens.
        let price: Int64

        /// nil when the model does not suit.
        init?(_ model: ListedModel, access: ProviderAccess, _ catalog: Catalog) {
            let upstream = model.target.dropFirst(access.name.count + 1)
            let known = catalog.exactModel(provider: access.provider.id, name: String(upstream))
            guard let rates = known?.prices.periods.last?.standard.base, let price = rates.input, rates.output != nil,
                price > 0, SnapshotSuffix.stem(of: model.id) == nil
            else { return nil }
            let words = CurrentModel.words(upstream)
            guard let first = words.first, !words.contains(where: CurrentModel.isOdd) else { return nil }
            id = model.id
            family = String(first.prefix { $0.isLetter })
            version = Self.version(words)
            self.price = price
        }

        /// The version in a name: 4.1 of `gpt-4.1-mini`, 5.5 of `claude-opus-5-5`, 3 of `qwen3` or `v3`; 0 when it has
        /// none.
        ///
        /// What follows the point is a fraction: 4.20 is before 4.3.
        private static func version(_ words: [String]) -> Double {
            for (index, word) in words.enumerated() {
                let digits = word.drop { $0.isLetter }
                // With letters behind it, a number tells a size: 70b, 8x7b, 4o.
                guard let number = Double(digits) else { continue }
                guard !digits.contains("."), index + 1 < words.count, let next = Int(words[index + 1]) else {
                    return number
                }
                return Double("\(digits).\(next)") ?? number
            }
            return 0
        }
    }
}
