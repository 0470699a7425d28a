package import SiraCore

extension RequestEntry {
    /// What providers ask for all attempts, as far as it is known; nil where nothing is.
    package var cost: NanoUSD? { Self.sum(lines.map(\.cost)) }
    /// What the tenant is asked for all attempts; nil where nothing is known.
    package var charge: NanoUSD? { Self.sum(lines.map(\.charge)) }
    /// What caches and routing saved.
    package var saved: NanoUSD { lines.reduce(.zero) { $0 + $1.cacheSavings + $1.routingSavings } }
    /// Attempts of which a provider was sent something.
    package var attempts: Int { lines.count { !$0.isCorrection && $0.attempt > 0 } }
    /// Whether the attempt that counts went elsewhere than one before it.
    package var isFallback: Bool {
        lines.contains { line in
            !line.isCorrection && line.attempt > 0 && line.attempt < record.attempt
                && (line.provider, line.model) != (record.provider, record.model)
        }
    }

    private static func sum(_ amounts: [NanoUSD?]) -> NanoUSD? {
        let known = amounts.compactMap { $0 }
        return known.isEmpty ? nil : known.reduce(.zero, +)
    }
}

extension UsageRecord {
    /// The deployment that the attempt went to, such as `openai/gpt-4o`; nil where none was made.
    package var deployment: String? {
        guard !provider.isEmpty else { return nil }
        return model.isEmpty ? provider : "\(provider)/\(model)"
    }

    /// The part of ``duration`` that was neither the provider's nor spent waiting for its turn, in microseconds.
    package var overhead: Int64 { max(0, duration &- upstreamTime &- queueTime) }
}
