/// The less loaded of two that are drawn, by peak-EWMA of the time to the first token; then the others, the least loaded
/// first.
///
/// Two choices by chance keep a burst of requests from all going to the one that was fastest a moment ago.
/// M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE Transactions on Parallel and
/// Distributed Systems 12 (2001). The measure is that of Finagle's `P2CPeakEwma`; one that has not been measured counts
/// as unloaded and so is soon measured.
package struct LatencyOrder: Strategy {
    package init() {}

    package var name: String { "latency" }

    package func order(
        _ contenders: [Contender],
        _ circumstances: Circumstances,
        using random: inout some RandomNumberGenerator
    ) -> [Ranked] {
        let drawn = Chance.shuffled(contenders.count, using: &random)
        let why: (Int) -> Why = { index in contenders[index].load.map { .load($0) } ?? .unmeasured }
        let load: (Int) -> Double = { index in contenders[index].load ?? 0 }
        return .sorted(Array(drawn.prefix(2)), by: load, why) + .sorted(Array(drawn.dropFirst(2)), by: load, why)
    }
}
