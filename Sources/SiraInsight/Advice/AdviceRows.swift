package import SiraCatalog
package import SiraCore

/// What one model did of one kind of task.
package struct TaskRow: Hashable, Sendable {
    /// The task: a tag that applications give, or the class that routing finds.
    package var task: String
    /// Usage and cost, from the roll-up by model (and tag).
    package var row: UsageRow
    /// How many answers were rated (feedback), and the mean of the scores from 0 to 1.
    package var ratings: Int64 = 0
    package var meanScore = 0.0
    /// The longest prompt in tokens, which another model must take, from the records.
    package var longestPrompt = 0
    /// What requests needed: tools, pictures and so on, from the features of calls.
    package var needs: Capabilities = []

    package init(task: String, row: UsageRow) {
        self.task = task
        self.row = row
    }
}

/// Requests of one key for one model whose whole prompt had come before.
package struct RepeatRow: Hashable, Sendable {
    package var key: String
    package var model: ModelReference
    /// All requests of the key for the model in the span.
    package var requests: Int64
    /// Those whose digest of the request came before in the span, and what they cost, from the records' digests.
    package var repeats: Int64
    package var repeatCost: NanoUSD
    /// Those of them that came within the time that a cache would keep the answer, and what they cost.
    package var soonRepeats: Int64
    package var soonCost: NanoUSD

    package init(
        key: String,
        model: ModelReference,
        requests: Int64,
        repeats: (count: Int64, cost: NanoUSD),
        soon: (count: Int64, cost: NanoUSD)
    ) {
        (self.key, self.model, self.requests) = (key, model, requests)
        (self.repeats, repeatCost) = repeats
        (soonRepeats, soonCost) = soon
    }
}

/// Requests for one model that nobody waits for.
package struct DeferrableRow: Hashable, Sendable {
    package var tag: String
    /// Usage and cost of those that nobody seems to wait for: not streamed, and of low priority, or with a tag of jobs,
    /// or in bursts at the same time each day.
    package var row: UsageRow
    /// All requests with the tag for the model.
    package var allRequests: Int64

    package init(tag: String, row: UsageRow, allRequests: Int64) {
        self.tag = tag
        self.row = row
        self.allRequests = allRequests
    }
}

/// Prompts of one key for one model that begin the same, or hold the same text further on.
package struct PrefixRow: Hashable, Sendable {
    package var key: String
    package var model: ModelReference
    /// The digest of what they share.
    package var prefix: String
    package var requests: Int64
    /// How many tokens they share: each of them.
    package var sharedTokens: Int64
    /// Tokens that providers read from their caches for these requests.
    package var cacheRead: Int64

    package init(key: String, model: ModelReference, prefix: String, requests: Int64, shared: Int64, cacheRead: Int64) {
        (self.key, self.model, self.prefix) = (key, model, prefix)
        (self.requests, sharedTokens, self.cacheRead) = (requests, shared, cacheRead)
    }
}

/// The prompts of one key for one model, where no digests of prefixes are kept.
package struct PromptRow: Hashable, Sendable {
    package var key: String
    /// Usage and cost, from the roll-up by key and model.
    package var row: UsageRow

    package init(key: String, row: UsageRow) {
        self.key = key
        self.row = row
    }
}

/// A tool that the requests of one key for one model carry.
package struct ToolRow: Hashable, Sendable {
    package var key: String
    package var model: ModelReference
    package var tool: String
    /// The tokens of its definition, counted or estimated.
    package var tokens: Int64
    /// Requests that carried it.
    package var requests: Int64
    /// Times that the model called it.
    package var calls: Int64

    package init(key: String, model: ModelReference, tool: String, tokens: Int64, requests: Int64, calls: Int64) {
        (self.key, self.model, self.tool) = (key, model, tool)
        (self.tokens, self.requests, self.calls) = (tokens, requests, calls)
    }
}

/// A key that can still be used, from the key store and the records.
package struct KeyRow: Hashable, Sendable {
    package var key: String
    package var madeAt: Timestamp
    /// Nil where it was never used.
    package var lastUsedAt: Timestamp?
    /// Nil where it does not end.
    package var expiresAt: Timestamp?
    package var isRevoked = false
    /// What it may still spend, where it has a budget.
    package var budgetLeft: NanoUSD?

    package init(key: String, madeAt: Timestamp, lastUsedAt: Timestamp? = nil, expiresAt: Timestamp? = nil) {
        (self.key, self.madeAt, self.lastUsedAt, self.expiresAt) = (key, madeAt, lastUsedAt, expiresAt)
    }
}
