import SiraCore

extension Objective {
    /// Parts a model's name from the objective behind it, as clients write both in one: `auto:cheapest`.
    ///
    /// Names have colons of their own (`llama3:8b`, `x:free`, `…-v1:0`), so that a name that is known counts as a whole
    /// first, and otherwise only what looks like an objective is taken for one. What looks like one and is wrong is
    /// parted as well, for ``init(parsing:in:)`` to say what is wrong with it.
    ///
    /// - Parameter isKnown: Whether a model, alias or route of that name exists.
    package static func split(model: String, isKnown: (String) -> Bool) -> (name: String, text: String?) {
        // Most names have no colon, and need no look-up here.
        guard model.utf8.contains(UInt8(ascii: ":")), !isKnown(model) else { return (model, nil) }
        var end = model.endIndex
        // From the last colon backwards: a value may hold one, as the name may.
        for _ in 0..<4 {
            guard let colon = model[..<end].lastIndex(of: ":"), colon > model.startIndex else { break }
            let name = String(model[..<colon])
            let text = model[model.index(after: colon)...]
            if isLikeObjective(text, after: name, isKnown) { return (name, String(text)) }
            end = colon
        }
        return (model, nil)
    }

    /// Whether a text is meant as an objective, right or wrong.
    private static func isLikeObjective(
        _ text: Substring,
        after name: String,
        _ isKnown: (String) -> Bool
    ) -> Bool {
        let first = text.prefix { $0 != "&" }.trimmed.lowercased()
        let word = String(first.prefix { !"<>=!".contains($0) }.trimmed)
        if ObjectiveTerm.words.contains(word) { return true }
        // `qualty>=0.8`: names of models have no such marks.
        let isTerm = word.utf8.count < first.utf8.count || first.utf8.count < text.utf8.count
        guard !isTerm else {
            return !word.isEmpty && word.utf8.allSatisfy { $0 &- 0x61 < 26 || $0 == UInt8(ascii: "_") }
        }
        // `cheepest`: one letter amiss, in a word too long for a chance likeness, behind a name that exists.
        return word.utf8.count >= 6 && !NameSuggestion.near(word, among: ObjectiveTerm.words, within: 1).isEmpty
            && isKnown(name)
    }
}
