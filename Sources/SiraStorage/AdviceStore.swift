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
    /// The share of the requests that nobody waits for, from 0 to 1: not streamed, and of a lower priority than
    /// interactive.
    package var deferrable = 0.0

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

/// How often one key's requests for one model were made again, among the newest.
package struct RepeatFacts: Hashable, Sendable {
    package var key: String
    package var provider: String
    package var model: String
    package var requests: Int64
    /// Those that had come before, and what they cost.
    package var repeats: Int64
    package var repeatCost: NanoUSD
    /// Those of them that came soon after the one before, and what they cost.
    package var soonRepeats: Int64
    package var soonCost: NanoUSD

    package init(
        key: String,
        provider: String,
        model: String,
        requests: Int64,
        repeats: (count: Int64, cost: NanoUSD),
        soon: (count: Int64, cost: NanoUSD)
    ) {
        (self.key, self.provider, self.model, self.requests) = (key, provider, model, requests)
        (self.repeats, repeatCost) = repeats
        (soonRepeats, soonCost) = soon
    }
}

/// What advice needs beside the roll-ups.
package protocol AdviceStore: Sendable {
    /// All that was dismissed, the newest first.
    func dismissed() async throws -> [DismissedAdvice]

    /// Keeps that it is dismissed, durably once it returns; who dismissed it first stays.
    func dismiss(_ advice: DismissedAdvice) async throws

    /// What the newest records and feedback say of tasks since then: of every tag and model, and of every model as a
    /// whole.
    func tasks(since: Timestamp) async throws -> [TaskFacts]

    /// Which of the newest requests since then were made before word for word.
    ///
    /// - Parameter soon: within so long an answer is taken to be kept.
    func repeats(since: Timestamp, soon: Duration) async throws -> [RepeatFacts]
}
