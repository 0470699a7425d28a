/// The ways of choosing that there are.
package enum Strategies {
    /// One of each, in the order in which they are documented.
    package static let all: [any Strategy] = [
        PriorityOrder(),
        WeightedOrder(),
        RoundRobinOrder(),
        LeastInFlightOrder(),
        LatencyOrder(),
        CheapestOrder(),
        FirstTokenOrder(),
        ThroughputOrder(),
        QualityOrder(),
        StickyOrder(by: .session),
        BlendOrder(BlendWeights()),
    ]
}

extension StrategySpec {
    /// The strategy that the setting asks for.
    package var strategy: any Strategy {
        switch self {
        case .priority: PriorityOrder()
        case .weighted: WeightedOrder()
        case .roundRobin: RoundRobinOrder()
        case .leastInFlight: LeastInFlightOrder()
        case .latency: LatencyOrder()
        case .cheapest: CheapestOrder()
        case .firstToken: FirstTokenOrder()
        case .throughput: ThroughputOrder()
        case .quality: QualityOrder()
        case .sticky(let by): StickyOrder(by: by)
        case .blend(let weights): BlendOrder(weights)
        }
    }
}
