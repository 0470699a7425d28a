/// A way of choosing among deployments.
///
/// Pure: the same contenders, circumstances and random numbers make the same order. It is given only those that are
/// usable; the others come after them (``Ranking``).
package protocol Strategy: Sendable {
    /// The word by which configuration and the decision's record call it.
    var name: String { get }
    /// What it has to be told besides what is known of the contenders.
    var needs: StrategyNeeds { get }
    /// Every contender once, the one to be asked first at the beginning.
    func order(
        _ contenders: [Contender],
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked]
}

extension Strategy {
    package var needs: StrategyNeeds { [] }
}

/// What a strategy looks at that costs something to find out.
package struct StrategyNeeds: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// How many requests the route has had.
    package static let turn = StrategyNeeds(rawValue: 1 << 0)
    /// Which session a request belongs to.
    package static let session = StrategyNeeds(rawValue: 1 << 1)
    /// How the prompt begins.
    package static let prefix = StrategyNeeds(rawValue: 1 << 2)
}

/// What a choice goes by besides the contenders.
package struct Circumstances: Sendable {
    /// How many requests have gone by this route before.
    package var turn: UInt64 = 0
    /// A hash of what shall stay together; nil where the request has nothing of the kind.
    package var affinity: UInt64?

    package init() {}
}
