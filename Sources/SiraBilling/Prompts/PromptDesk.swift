package import SiraCore
package import SiraJSON
package import SiraStorage

/// Sees to it that each prompt is shown once.
package struct PromptDesk: Sendable {
    private let documents: any DocumentStore

    package init(documents: any DocumentStore) {
        self.documents = documents
    }

    /// Whether the prompt is to be shown: true for the first who asks in the month, false for all others.
    package func takes(_ prompt: UpgradePrompt, at now: Timestamp) async throws -> Bool {
        // Tells whether it was this call that wrote the document; two calls may carry the same time.
        var random = SystemRandomNumberGenerator()
        let mark = RequestID(at: now, using: &random).description
        let kept = try await documents.update(.prompt, prompt.name) { before in
            guard before == nil else { return before }
            var json = JSONWriter()
            json.object {
                $0.member("mark", mark)
                $0.member("shown_at", now.description)
                prompt.write(to: &$0)
            }
            return json.bytes
        }
        guard let kept else { return false }
        return try JSONIndexer().read(kept) { $0["mark"]?.string == mark }
    }
}

extension UpgradePrompt {
    /// Writes all of it as members of an object, figures included.
    package func write(to json: inout JSONWriter) {
        json.member("organization", organization)
        json.member("month", month.description)
        json.member("kind", occasion.label)
        json.object("figures") {
            switch occasion {
            case .quota(let used, let limit):
                $0.member("used_tokens", used)
                $0.member("limit_tokens", limit)
            case .savings(let saved, let milestone):
                $0.member("saved_usd", saved.description)
                $0.member("milestone_usd", milestone.description)
            case .feature(let feature):
                $0.member("feature", feature.rawValue)
            }
        }
        json.member("suggested_plan", suggestedPlan)
    }
}
