/// How one model departs from others of its protocol: what it refuses, and how it is told how long to think.
///
/// Data from the catalogue, or from the operator. The defaults are those of a model of which nothing is known: it takes
/// all that its protocol has.
package struct ModelTraits: Hashable, Sendable {
    /// How it is told how long to think; empty when that is not known.
    package var thinking: ThinkingWays = []
    /// The words for an effort that it knows; empty when they are not known.
    package var efforts: [Reasoning.Effort] = []
    /// The effort that it makes unasked; nil when that is not known.
    package var defaultEffort: Reasoning.Effort?
    package var refuses: Refusals = []

    package init() {}

    package struct ThinkingWays: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// By a number of tokens.
        package static let budget = ThinkingWays(rawValue: 1 << 0)
        /// By a word for the effort; the model finds the number itself.
        package static let effort = ThinkingWays(rawValue: 1 << 1)

        /// The catalogue's word for each, in the order of the bits.
        package static let words = ["budget", "effort"]
    }

    package struct Refusals: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Any way of choosing tokens but its own: temperature, top-p, top-k, penalties, log probabilities.
        package static let sampling = Refusals(rawValue: 1 << 0)
        /// The same while it thinks; without thinking it takes them.
        package static let samplingInThought = Refusals(rawValue: 1 << 1)
        /// Temperature and top-p together; it takes either.
        package static let samplingPair = Refusals(rawValue: 1 << 2)
        /// To be made to call a tool.
        package static let forcedTool = Refusals(rawValue: 1 << 3)
        /// To go on with a turn of its own that the client has begun.
        package static let prefill = Refusals(rawValue: 1 << 4)
        /// Not to think.
        package static let thoughtlessness = Refusals(rawValue: 1 << 5)
        /// To be made to call a tool while it thinks.
        package static let forcedToolInThought = Refusals(rawValue: 1 << 6)

        /// The catalogue's word for each, in the order of the bits.
        package static let words = [
            "sampling", "sampling_in_thought", "sampling_pair", "forced_tool", "prefill", "thoughtlessness",
            "forced_tool_in_thought",
        ]
    }

    /// The effort that it knows which is nearest to the one that is asked for; the lesser of two as near.
    ///
    /// What is asked for, when its words are not known. Not to think is near to nothing else: it is found only by its
    /// own word or by the least effort, where there is no such word.
    package func nearest(to effort: Reasoning.Effort) -> Reasoning.Effort {
        let known = efforts.filter { $0 != .none || effort == .none }
        guard !known.isEmpty, !known.contains(effort) else { return effort }
        return known.min { ($0.distance(to: effort), $0) < ($1.distance(to: effort), $1) } ?? effort
    }

    /// Whether it refuses to be told how to choose tokens when it makes this effort; nil stands for none asked for.
    package func refusesSampling(at effort: Reasoning.Effort?) -> Bool {
        if refuses.contains(.sampling) { return true }
        return refuses.contains(.samplingInThought) && (effort ?? defaultEffort) != Reasoning.Effort.none
    }
}

extension OptionSet where RawValue == UInt8 {
    /// The set of one member, by its word among those of all members in the order of their bits; nil for no word of
    /// them.
    package init?(word: String, of words: [String]) {
        guard let bit = words.firstIndex(of: word) else { return nil }
        self.init(rawValue: 1 << UInt8(bit))
    }
}

extension Reasoning.Effort: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    /// How many words apart two efforts are.
    fileprivate func distance(to other: Self) -> Int { abs(rank - other.rank) }

    private var rank: Int {
        switch self {
        case .none: 0
        case .minimal: 1
        case .low: 2
        case .medium: 3
        case .high: 4
        case .xhigh: 5
        case .max: 6
        }
    }
}
