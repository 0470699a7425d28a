package import SiraCore

/// Advice that nobody wants to hear again.
package struct DismissedAdvice: Hashable, Sendable {
    /// The id of the advice.
    package var id: String
    package var at: Timestamp
    /// Who dismissed it, as in ``AuditEntry/actor``.
    package var actor: String
    /// Why, where they said.
    package var reason: String

    package init(id: String, at: Timestamp, actor: String, reason: String) {
        (self.id, self.at, self.actor, self.reason) = (id, at, actor, reason)
    }
}

/// What a task's answers were thought of, and what its requests had.
package struct TaskFacts: Hashable, Sendable {
    /// A tag; empty for all requests to the model.
    package var tag: String
    package var provider: String
    package var model: String
    /// The longest prompt, in tokens.
    package var longestPrompt: Int
    /// How many answers were rated, and the mean of their scores.
    package var ratings: Int64
    package var meanScore: Double

    package init(
        tag: String,
        provider: String,
        model: String,
        longestPrompt: Int,
        ratings: Int64,
        meanScore: Double
    ) {
        (self.tag, self.provider, self.model) = (tag, provider, model)
        (self.longestPrompt, self.ratings, self.meanScore) = (longestPrompt, ratings, meanScore)
    }
}

/// What advice needs beside the roll-ups.
package protocol AdviceStore: Sendable {
    /// All that was dismissed, the newest first.
    func dismissed() async throws -> [DismissedAdvice]

    /// Keeps that it is dismissed, durably once it returns; who dismissed it first stays.
    func dismiss(_ advice: DismissedAdvice) async throws

    /// What records and feedback say of tasks since then: of every tag and model, and of every model as a whole.
    func tasks(since: Timestamp) async throws -> [TaskFacts]
}
