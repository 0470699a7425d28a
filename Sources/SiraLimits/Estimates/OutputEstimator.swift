import Synchronization

/// What requests are expected to need, learned from what earlier ones needed; shared by all lanes.
///
/// Output is the 95th percentile of the key and model; of the model, where the key has made few requests to it; and a
/// usual number, where nobody has. Tokens of a prompt are its bytes times the 90th percentile of the model's ratio.
package final class OutputEstimator: Sendable {
    private struct Pair: Hashable, Sendable {
        let key: String
        let model: String
    }

    private struct Shard: Sendable {
        var pairs: RecencyTable<Pair, TokenHistogram>
        var models: RecencyTable<String, Model>
    }

    private struct Model: Sendable {
        var output = TokenHistogram(quantile: 950)
        /// Tokens per byte, in units of 1/4,096.
        var density = TokenHistogram(quantile: 900)
    }

    /// A lock for itself, so that lanes seldom wait for one another.
    private final class Part: Sendable {
        let shard: Mutex<Shard>

        init(capacity: Int) {
            shard = Mutex(Shard(pairs: RecencyTable(capacity: capacity), models: RecencyTable(capacity: capacity)))
        }
    }

    private let parts: [Part]
    private let usual: Int64

    private static let densityUnit: Int64 = 4_096
    /// 0.3 tokens per byte: English has about 0.25, code and other languages more.
    private static let usualDensity: Int64 = 1_229

    /// - Parameters:
    ///   - capacity: how many pairs of key and model, and models, are remembered; those least recently used go.
    ///   - usual: tokens of output where nothing is known.
    package init(capacity: Int = 16_384, usual: Int64 = 1_024) {
        let count = 16
        parts = (0..<count).map { _ in Part(capacity: (capacity + count - 1) / count) }
        self.usual = usual
    }

    /// Tokens that an answer is expected to have at most.
    ///
    /// - Parameters:
    ///   - limit: the most that the request allows; nil where it does not say.
    ///   - unseen: tokens where nothing is known, if the answer is of a kind that needs others than usual.
    package func output(key: String, model: String, limit: Int64?, unseen: Int64? = nil) -> Int64 {
        let pair = Pair(key: key, model: model)
        let learned =
            part(of: pair).shard.withLock { $0.pairs.change(pair) { $0.learned } ?? nil }
            ?? part(of: model).shard.withLock { $0.models.change(model) { $0.output.learned } ?? nil }
        return min(learned ?? unseen ?? usual, max(0, limit ?? .max))
    }

    /// Learns how many tokens an answer had.
    package func observe(key: String, model: String, output: Int64) {
        let pair = Pair(key: key, model: model)
        part(of: pair).shard.withLock {
            $0.pairs.learn(pair, from: TokenHistogram(quantile: 950)) { $0.add(output) }
        }
        part(of: model).shard.withLock {
            $0.models.learn(model, from: Model()) { $0.output.add(output) }
        }
    }

    /// Tokens that a prompt of so many bytes of text is expected to have at most.
    package func prompt(bytes: Int, model: String) -> Int64 {
        let learned = part(of: model).shard.withLock { $0.models.change(model) { $0.density.learned } ?? nil }
        let (product, overflow) = Int64(max(0, bytes))
            .multipliedReportingOverflow(by: learned ?? Self.usualDensity)
        return overflow ? .max : product / Self.densityUnit + (product % Self.densityUnit > 0 ? 1 : 0)
    }

    /// Learns how many tokens a prompt of so many bytes of text had.
    package func observe(promptBytes bytes: Int, tokens: Int64, model: String) {
        guard bytes > 0, tokens > 0 else { return }
        let (product, overflow) = tokens.multipliedReportingOverflow(by: Self.densityUnit)
        let density = overflow ? TokenHistogram.most : product / Int64(bytes)
        part(of: model).shard.withLock {
            $0.models.learn(model, from: Model()) { $0.density.add(density) }
        }
    }

    private func part(of name: some Hashable) -> Part {
        parts[Int(UInt(bitPattern: name.hashValue) % UInt(parts.count))]
    }
}

extension TokenHistogram {
    /// The quantile, once enough numbers are known.
    fileprivate var learned: Int64? { samples >= 20 ? quantile : nil }
}

extension RecencyTable {
    /// Changes a value, which is made first where there is none.
    fileprivate mutating func learn(_ key: Key, from empty: @autoclosure () -> Value, _ body: (inout Value) -> Void) {
        guard change(key, body) == nil else { return }
        if isFull { _ = letGo() }
        var value = empty()
        body(&value)
        insert(value, for: key)
    }
}
