package import SiraJSON

/// A request for one turn of a conversation, in no protocol: what a client's dialect reads and a provider's writes.
///
/// It holds what any of the protocols can say. A writer that cannot express a part names it, or refuses.
package struct Call: Sendable {
    /// The conversation so far, instructions included, in the client's order.
    package var turns: [Turn]
    package var isStream = false
    package var sampling = Sampling()
    package var reasoning = Reasoning()
    package var tools: [Tool] = []
    package var toolChoice: ToolChoice?
    /// Whether the model may call several tools at once; nil leaves it to the provider.
    package var callsToolsInParallel: Bool?
    package var outputFormat = OutputFormat.text
    /// What the answer consists of besides text, such as `audio`.
    package var outputModalities: [String] = []
    /// Which figures of likelihood come with the answer's tokens; nil for none.
    package var logprobs: LogprobsWish?
    /// How much the answer says: `low`, `medium` or `high`.
    package var verbosity: String?
    /// Who asks, as a name that means nothing outside the client's system.
    package var endUser: String?
    /// The client's own notes on the request, an object of strings.
    package var metadata: RawJSON?
    /// Whether the provider is to keep the answer for later; nil leaves it to the provider.
    package var keepsAnswer: Bool?
    /// What the provider's cache of prompts is to be searched by.
    package var cacheKey: String?
    package var serviceTier: ServiceTier?
    /// JSON paths, in the client's request, of what this model of a call has no place for: what only the client's
    /// protocol has, or what Sira does not know.
    package var extras: [String] = []
    /// The JSON paths, in the client's request, of fields that are not where chat completions have them.
    package var paths: [CallField: String] = [:]

    package init(turns: [Turn]) {
        self.turns = turns
    }

    /// What the client is willing to pay for speed.
    package enum ServiceTier: String, Sendable {
        /// The provider may use whatever tier the account has.
        case auto
        case standard
        case priority
        /// Cheaper and slower.
        case flex
    }
}

/// A wish for the likelihood of the answer's tokens.
package struct LogprobsWish: Hashable, Sendable {
    /// How many other tokens are told for each place.
    package var alternatives: Int

    package init(alternatives: Int) {
        self.alternatives = alternatives
    }
}

/// How the answer's tokens are chosen and when they stop.
package struct Sampling: Sendable {
    /// From 0 to the client protocol's greatest; most go to 2, Anthropic to 1.
    package var temperature: Double?
    package var topP: Double?
    package var topK: Int?
    package var seed: Int64?
    /// From -2 to 2: how much tokens are avoided that have been there already.
    package var presencePenalty: Double?
    /// From -2 to 2: how much tokens are avoided by how often they have been there.
    package var frequencyPenalty: Double?
    package var stop: [String] = []
    /// The most tokens of the answer, reasoning included.
    package var outputLimit: Int?
    /// How many answers are asked for.
    package var answers = 1

    package init() {}
}

/// How much the model thinks before it answers.
package struct Reasoning: Sendable {
    package var effort: Effort?
    /// How thinking is to be done, where the client says so in a provider's own terms.
    package var mode: Mode?
    /// Whether thoughts are shown, in the words of the protocol; nil leaves it to the provider.
    package var display: String?
    /// The JSON paths of the fields, in the client's request, that say how much to think.
    package var paths: [String] = []

    package enum Effort: String, Sendable, CaseIterable {
        case none, minimal, low, medium, high, xhigh, max
    }

    package enum Mode: Hashable, Sendable {
        case off
        /// As much as the model finds right.
        case adaptive
        /// At most so many tokens.
        case budget(Int)
    }

    package init() {}

    /// Whether the client wants thoughts, rather than says nothing of them or forbids them.
    package var isWanted: Bool {
        switch (mode, effort) {
        case (nil, nil), (.off, _), (nil, Effort.none?): false
        default: true
        }
    }
}

/// The shape of the answer's text.
package enum OutputFormat: Sendable {
    case text
    /// Any JSON object.
    case jsonObject
    case jsonSchema(OutputSchema)
}

/// The JSON Schema that an answer must satisfy.
package struct OutputSchema: Sendable {
    package var name: String?
    package var description: String?
    package var schema: RawJSON
    package var isStrict: Bool?

    package init(name: String?, description: String?, schema: RawJSON, isStrict: Bool?) {
        self.name = name
        self.description = description
        self.schema = schema
        self.isStrict = isStrict
    }
}
