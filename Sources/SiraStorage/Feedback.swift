package import SiraCore

/// What somebody thought of an answer.
package struct Feedback: Hashable, Sendable {
    package var id: String
    /// The request whose answer it is about.
    package var request: RequestID
    /// The id of the key that said it; empty when no key was asked for.
    package var key: String
    /// From 0, as bad as can be, to 1.
    package var score: Double
    package var comment: String?
    package var tags: [String] = []
    package var createdAt: Timestamp
    /// When it is let go; nil for never.
    package var expiresAt: Timestamp?
    /// The experiment that the request was part of, and the arm that answered, by its place; nil where there was none.
    package var experiment: String?
    package var arm: Int?

    package init(id: String, request: RequestID, key: String, score: Double, createdAt: Timestamp) {
        self.id = id
        self.request = request
        self.key = key
        self.score = score
        self.createdAt = createdAt
    }
}

/// Where feedback is kept.
package protocol FeedbackStore: ExpiringStore {
    /// Keeps it, durably once it returns, in place of what the same key said of the same request before.
    ///
    /// - Returns: what it stands in place of; nil when it is the first. Nothing else comes between reading and writing.
    func put(_ feedback: Feedback) async throws -> Feedback?

    /// What was said of a request, oldest first.
    func feedback(on request: RequestID) async throws -> [Feedback]
}
